package dev.safelight.pipeline;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Facts;
import dev.safelight.asset.Reason;
import dev.safelight.asset.Rejection;
import dev.safelight.asset.Status;
import dev.safelight.image.ImageEngine;
import dev.safelight.image.ImageRejected;
import dev.safelight.image.Probe;
import org.springframework.stereotype.Component;

/// Reads the header of a picture, and refuses what is too large or not readable before any pixel is decoded.
@Component
final class ReadFacts implements Step {
    private final ImageEngine engine;
    private final ImageSettings settings;

    ReadFacts(ImageEngine engine, ImageSettings settings) {
        this.engine = engine;
        this.settings = settings;
    }

    @Override
    public AssetVersion apply(AssetVersion version, Workspace workspace) {
        try {
            Probe probe = engine.probe(workspace.original(), version.original().declaredType());
            long pixels = (long) probe.width() * probe.height() * probe.frames();
            Long agreed = version.original().limits().maxPixels();
            long allowed = settings.maxPixels(version.space());
            if (agreed != null && agreed < allowed && pixels > agreed) {
                return tooLarge(version, "The picture has %d pixels; this upload takes at most %d.", pixels, agreed);
            }
            if (pixels > allowed) {
                String most = "The picture has %d pixels; the space \"" + version.space() + "\" takes at most %d.";
                return tooLarge(version, most, pixels, allowed);
            }
            return version.withFacts(new Facts.Image(
                    probe.mediaType(),
                    probe.width(),
                    probe.height(),
                    probe.frames(),
                    probe.hasAlpha(),
                    null,
                    null,
                    null,
                    null,
                    probe.isConverted()));
        } catch (ImageRejected refused) {
            return version.withStatus(Status.REJECTED, refused.rejection());
        }
    }

    private static AssetVersion tooLarge(AssetVersion version, String detail, long pixels, long allowed) {
        return version.withStatus(Status.REJECTED, new Rejection(Reason.TOO_LARGE, detail.formatted(pixels, allowed)));
    }
}
