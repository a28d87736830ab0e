package dev.safelight.job;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// When a failed job is tried again, and when it is given up.
///
/// @param maxFailures failed attempts after which the job is given up
/// @param maxLost attempts that took their process down after which the job is given up
/// @param first the pause after the first failure
/// @param factor by which each further pause grows
/// @param longest the upper bound of a pause
public record RetryPolicy(int maxFailures, int maxLost, Duration first, double factor, Duration longest) {
    static final RetryPolicy DEFAULT = new RetryPolicy(12, 10, Duration.ofSeconds(1), 3, Duration.ofMinutes(10));

    /// The pause after a number of failures, with up to a fifth of jitter so that a burst of failures spreads out.
    Duration pauseAfter(int failures, RandomGenerator random) {
        double grown = first.toMillis() * Math.pow(factor, Math.max(0, failures - 1));
        double bounded = Math.min(grown, (double) longest.toMillis());
        return Duration.ofMillis((long) (bounded * (1 + 0.2 * random.nextDouble())));
    }
}
