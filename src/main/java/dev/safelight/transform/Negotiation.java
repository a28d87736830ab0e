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
        List<MediaType> candidates = candidates(offered, alpha, animated);
        MediaType best = null;
        int most = 0;
        for (MediaType candidate : candidates) {
            boolean known = !NEWER.contains(candidate) || header.names(candidate);
            int weight = known ? header.weight(candidate) : 0;
            if (weight > most) {
                best = candidate;
                most = weight;
            }
        }
        return best == null ? lastResort(candidates) : best;
    }

    /// What suits the picture, best first: newer formats as the server likes them, then the one that shows most
    /// of it.
    private static List<MediaType> candidates(List<MediaType> offered, boolean alpha, boolean animated) {
        List<MediaType> candidates = new ArrayList<>();
        for (MediaType type : offered) {
            // Animations are not written as AVIF.
            if (NEWER.contains(type) && !(animated && type == MediaType.AVIF)) {
                candidates.add(type);
            }
        }
        List<MediaType> older = animated
                ? List.of(MediaType.GIF, MediaType.PNG, MediaType.JPEG)
                : alpha
                        ? List.of(MediaType.PNG, MediaType.JPEG, MediaType.GIF)
                        : List.of(MediaType.JPEG, MediaType.PNG, MediaType.GIF);
        older.stream().filter(offered::contains).forEach(candidates::add);
        return candidates.isEmpty() ? offered : candidates;
    }

    private static MediaType lastResort(List<MediaType> candidates) {
        return candidates.stream()
                .filter(type -> !NEWER.contains(type))
                .findFirst()
                .orElse(candidates.getFirst());
    }
}
