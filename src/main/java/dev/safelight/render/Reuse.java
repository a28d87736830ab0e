package dev.safelight.render;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What caches may do with a picture and what is made of it, this process among them.
///
/// @param once names the one request that it is for; null when it may be kept for others
/// @param freshUntil when its host wants to be asked again; null where that is left to us
/// @param stale whether it may be used after that
public record Reuse(@Nullable UUID once, @Nullable Instant freshUntil, boolean stale) {
    /// For as long as our settings say.
    public static final Reuse FREE = new Reuse(null, null, true);

    public boolean isKept() {
        return once == null;
    }
}
