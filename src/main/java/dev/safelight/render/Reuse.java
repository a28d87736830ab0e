package dev.safelight.render;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What caches may do with a picture and what is made of it, this process among them.
///
/// @param once names the one request that it is for; null when it may be kept for others
/// @param freshUntil when its host wants to be asked again; null where that is left to us
/// @param stale how long it may be used after that
public record Reuse(@Nullable UUID once, @Nullable Instant freshUntil, Duration stale) {
    /// For as long as our settings say.
    public static final Reuse FREE = new Reuse(null, null, ChronoUnit.FOREVER.getDuration());

    public boolean isKept() {
        return once == null;
    }

    /// How long it may be used after it was fresh, as seen from a moment: less when that is over already.
    public Duration staleFrom(Instant now) {
        if (freshUntil == null || now.isBefore(freshUntil)) {
            return stale;
        }
        Duration left = stale.minus(Duration.between(freshUntil, now));
        return left.isNegative() ? Duration.ZERO : left;
    }
}
