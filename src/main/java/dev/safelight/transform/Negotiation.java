package dev.safelight.transform;

import dev.safelight.asset.MediaType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Chooses the format of an answer by what the client says that it takes.
public final class Negotiation {
    /// Formats that a client takes only if it says so by name: `image/*` is also sent by those that cannot
    /// decode them.
    private static final List<MediaType> NEWER = List.of(MediaType.AVIF, MediaType.WEBP);

    private Negotiation() {}

    /// The format to answer with: a client that takes nothing gets what nearly all can show.
    ///
    /// @param accept the header, all of its fields joined by commas; absent when there is none
    /// @param offered formats that can be made, the server's favourite first
    /// @param alpha whether the picture has transparent parts
    /// @param animated whether the answer is an animation
    public static MediaType choose(@Nullable String accept, List<MediaType> offered, boolean alpha, boolean animated) {
        if (offered.isEmpty()) {
            throw new IllegalArgumentException("nothing is offered");
        }
        AcceptHeader header = AcceptHeader.parse(accept);
        MediaType best = older(header, offered, alpha, animated);
        int most = best == null ? 0 : header.weight(best);
        for (MediaType newer : newer(offered, animated).reversed()) {
            int weight = header.names(newer) ? header.weight(newer) : 0;
            if (weight > 0 && weight >= most) {
                best = newer;
                most = weight;
            }
        }
        return best == null ? lastResort(offered, alpha, animated) : best;
    }

    /// Those that clients name if they can show them, the server's favourite first.
    private static List<MediaType> newer(List<MediaType> offered, boolean animated) {
        // Animations are not written as AVIF.
        return offered.stream()
                .filter(type -> NEWER.contains(type) && !(animated && type == MediaType.AVIF))
                .toList();
    }

    /// The older format that suits the picture best, of those that the client takes at all: a photo as PNG
    /// would be many times as large, and an animation as anything else would stand still, whatever the client
    /// likes better.
    private static @Nullable MediaType older(
            AcceptHeader header, List<MediaType> offered, boolean alpha, boolean animated) {
        return suitable(offered, alpha, animated).stream()
                .filter(type -> header.weight(type) > 0)
                .findFirst()
                .orElse(null);
    }

    private static List<MediaType> suitable(List<MediaType> offered, boolean alpha, boolean animated) {
        List<MediaType> still = alpha ? List.of(MediaType.PNG, MediaType.JPEG) : List.of(MediaType.JPEG, MediaType.PNG);
        List<MediaType> all = new ArrayList<>(animated ? List.of(MediaType.GIF) : List.of());
        all.addAll(still);
        return all.stream().filter(offered::contains).toList();
    }

    private static MediaType lastResort(List<MediaType> offered, boolean alpha, boolean animated) {
        List<MediaType> suitable = suitable(offered, alpha, animated);
        return suitable.isEmpty() ? offered.getFirst() : suitable.getFirst();
    }
}
