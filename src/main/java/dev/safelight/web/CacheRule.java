package dev.safelight.web;

import java.time.Duration;

/// Who may keep an answer and for how long: the one list of what `Cache-Control` says (RFC 9111 §5.2, RFC
/// 8246, RFC 5861).
public final class CacheRule {
    /// Stored variants that anybody may have: what lies at their address never changes.
    public static final String STORED = "public, max-age=31536000, immutable";

    /// Media for whoever asked with a key, and what is made of pictures that must not be kept.
    public static final String KEY_HOLDER = "private, no-store";

    /// Problems of all kinds, redirects to `https:`, and the API where it says nothing else.
    public static final String NEVER = "no-store";

    /// The longest that anything is kept.
    public static final Duration LONGEST = Duration.ofDays(365);

    private CacheRule() {}

    /// Pictures on request that anybody may have, and what stands in for missing ones.
    ///
    /// @param stale how long after that it may be used while it is asked for again, or while the server is
    ///     away; 0 says nothing
    public static String onDemand(Duration age, Duration stale) {
        String fresh = "public, max-age=" + age.toSeconds();
        return stale.isZero()
                ? fresh
                : fresh + ", stale-while-revalidate=%1$d, stale-if-error=%1$d".formatted(stale.toSeconds());
    }

    /// Pictures on request whose source must not be used when it is old.
    public static String neverStale(Duration age) {
        return onDemand(age, Duration.ZERO) + ", must-revalidate";
    }

    /// Media for whoever asked with a signature, and may keep it.
    public static String signed(Duration left) {
        return "private, max-age=" + left.toSeconds();
    }
}
