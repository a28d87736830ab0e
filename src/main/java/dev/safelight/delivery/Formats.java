package dev.safelight.delivery;

import dev.safelight.asset.MediaType;
import dev.safelight.image.ImageEngine;
import dev.safelight.render.Subject;
import dev.safelight.transform.Negotiation;
import dev.safelight.transform.Transformation;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Chooses what a picture is written as when the address leaves that open.
final class Formats {
    private static final List<MediaType> STILLS =
            List.of(MediaType.AVIF, MediaType.WEBP, MediaType.JPEG, MediaType.PNG);
    private static final List<MediaType> STILLS_WITHOUT_AVIF =
            List.of(MediaType.WEBP, MediaType.JPEG, MediaType.PNG);
    private static final List<MediaType> ANIMATIONS = List.of(MediaType.WEBP, MediaType.GIF);
    private static final Set<MediaType> MOVING = Set.of(MediaType.WEBP, MediaType.GIF);

    private final ImageEngine engine;

    Formats(ImageEngine engine) {
        this.engine = engine;
    }

    /// @param accept the header field of the request
    MediaType choose(Transformation asked, Subject subject, @Nullable String accept) {
        MediaType fixed = asked.output().format();
        if (fixed != null) {
            return fixed;
        }
        boolean moves = subject.frames() > 1
                && MOVING.contains(subject.type())
                && asked.frames().animated();
        List<MediaType> offered = moves
                ? ANIMATIONS
                : engine.writesAvif(subject.width(), subject.height(), asked) ? STILLS : STILLS_WITHOUT_AVIF;
        return Negotiation.choose(accept, offered, subject.hasAlpha());
    }
}
