package dev.safelight.pipeline;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Facts;
import dev.safelight.asset.Status;
import dev.safelight.image.ImageEngine;
import dev.safelight.image.ImageRejected;
import dev.safelight.image.Probe;
import dev.safelight.image.Rendering;
import dev.safelight.image.VariantSpec;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.io.IOException;
import java.util.List;
import org.springframework.stereotype.Component;

/// Makes all variants and mezzanines of a picture with one decode, then stores them.
///
/// Nothing is stored before everything is rendered, so that a picture which turns out to be damaged leaves no variant.
@Component
@OnRole(ServerRole.WORKER)
final class RenderVariants implements Step {
    private final ImageEngine engine;
    private final ImageSettings settings;
    private final StoreVariants storage;

    RenderVariants(ImageEngine engine, ImageSettings settings, StoreVariants storage) {
        this.engine = engine;
        this.settings = settings;
        this.storage = storage;
    }

    @Override
    public AssetVersion apply(AssetVersion version, Workspace workspace) throws IOException, InterruptedException {
        Rendering rendering;
        try {
            rendering = engine.render(workspace.original(), version.original().declaredType(), specs(version));
        } catch (ImageRejected refused) {
            return version.withStatus(Status.REJECTED, refused.rejection());
        }
        return storage.first(version.withFacts(facts(rendering)), rendering.variants());
    }

    private List<VariantSpec> specs(AssetVersion version) {
        return switch (version.facts()) {
            case Facts.Image image -> settings.specs(image);
            case null -> throw new IllegalStateException("the facts of a picture are read before it is rendered");
        };
    }

    static Facts.Image facts(Rendering rendering) {
        Probe probe = rendering.probe();
        Rendering.Appearance appearance = rendering.appearance();
        return new Facts.Image(
                probe.mediaType(),
                probe.width(),
                probe.height(),
                probe.frames(),
                probe.hasAlpha(),
                appearance.dominantColor(),
                appearance.thumbHash(),
                appearance.perceptualHash(),
                appearance.focalPoint(),
                probe.isConverted());
    }
}
