package dev.safelight.delivery;

import dev.safelight.web.CacheRule;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Why a request may see what it asks for, which decides who may keep the answer.
sealed interface Permit {
    /// Anybody may see it, and any cache keep it.
    record Everybody() implements Permit {}

    /// The request carries an API key, which nobody else shall profit from.
    record KeyHolder() implements Permit {}

    /// The request carries a signature.
    ///
    /// @param until it no longer holds
    /// @param keep whether the browser may keep the answer until then
    /// @param bound whether it holds for some clients or pages only
    /// @param byCookie whether it was in a cookie, and not in the address
    /// @param origin of the page that asks, when it may read what its cookies give it
    record Signed(
            Instant until,
            boolean keep,
            boolean bound,
            boolean byCookie,
            @Nullable String origin) implements Permit {}

    /// How long an answer may be kept by whoever got it.
    ///
    /// @param maxAge as it would be without a signature
    default String privately(Duration maxAge, Instant now) {
        return switch (this) {
            case Signed signed
            when signed.keep() -> {
                long left = Math.max(0, Duration.between(now, signed.until()).toSeconds());
                yield CacheRule.signed(Duration.ofSeconds(Math.min(maxAge.toSeconds(), left)));
            }
            case Everybody _, KeyHolder _, Signed _ -> CacheRule.KEY_HOLDER;
        };
    }

    /// Header fields of the request that the answer depends on, beside others.
    default @Nullable String vary() {
        return switch (this) {
            case Everybody _, KeyHolder _ -> null;
            // Whether it is for an origin also depends on there being one.
            case Signed signed -> signed.byCookie() ? "Cookie, Origin" : null;
        };
    }
}
