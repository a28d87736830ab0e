package dev.safelight.delivery;

import dev.safelight.asset.MediaType;
import dev.safelight.image.Geometry;
import dev.safelight.render.Subject;
import dev.safelight.transform.Negotiation;
import dev.safelight.transform.Transformation;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/// Chooses what a picture is written as when the address leaves that open.
final class Formats {
    /// All, the favourite first.
    static final List<MediaType> ALL =
            List.of(MediaType.AVIF, MediaType.WEBP, MediaType.JPEG, MediaType.PNG, MediaType.GIF);

    static final List<MediaType> ALL_BUT_AVIF = List.of(MediaType.WEBP, MediaType.JPEG, MediaType.PNG, MediaType.GIF);

    private static final Set<MediaType> MOVING = Set.of(MediaType.WEBP, MediaType.GIF);

    /// Larger ones take seconds, so that they must be asked for by name.
    private static final long AVIF_PIXELS = 2_000_000;

    /// The same where several qualities are tried.
    private static final long SEARCHED_AVIF_PIXELS = 500_000;

    private Formats() {}

    /// @param size of the result
    /// @param accept all header fields of this name
    static MediaType choose(Transformation asked, Subject subject, Geometry size, String accept) {
        MediaType fixed = asked.output().format();
        if (fixed != null) {
            return fixed;
        }
        boolean moves = moves(asked, subject);
        boolean searched =
                asked.output().maxBytes() > 0 || asked.output().quality() instanceof Transformation.Quality.Auto;
        long most = searched ? SEARCHED_AVIF_PIXELS : AVIF_PIXELS;
        boolean isQuickAsAvif = (long) size.resultWidth() * size.resultHeight() <= most;
        return Negotiation.choose(accept, isQuickAsAvif ? ALL : ALL_BUT_AVIF, subject.hasAlpha(), moves);
    }

    /// Whether the result is an animation, if its format can be one.
    static boolean moves(Transformation asked, Subject subject) {
        MediaType format = asked.output().format();
        return subject.frames() > 1
                && MOVING.contains(subject.type())
                && asked.frames().animated()
                && (format == null || MOVING.contains(format));
    }

    /// All that a request says about formats.
    static String accept(HttpFields client) {
        return String.join(",", client.getValuesList(HttpHeader.ACCEPT));
    }
}
