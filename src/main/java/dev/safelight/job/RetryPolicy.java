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
    static final RetryPolicy DEFAULT = new RetryPolicy(12, 12, Duration.ofSeconds(1), 3, Duration.ofMinutes(10));

    private static final int LOST_WITHOUT_PAUSE = 1;
    private static final Duration LONGEST_AFTER_LOSS = Duration.ofMinutes(1);

    /// The pause after a number of failures, with up to a fifth of jitter so that a burst of failures spreads out.
    Duration pauseAfter(int failures, RandomGenerator random) {
        double grown = first.toMillis() * Math.pow(factor, Math.max(0, failures - 1));
        double bounded = Math.min(grown, (double) longest.toMillis());
        return Duration.ofMillis((long) (bounded * (1 + 0.2 * random.nextDouble())));
    }

    /// The pause after a number of lost attempts: none after the first, then doubling. A job that happened to run
    /// while processes were killed does not meet each further kill, and one that takes its process down does so
    /// less often.
    Duration pauseAfterLoss(int lost) {
        if (lost <= LOST_WITHOUT_PAUSE) {
            return Duration.ZERO;
        }
        long doubled = first.toMillis() << Math.min(30, lost - LOST_WITHOUT_PAUSE - 1);
        return Duration.ofMillis(Math.min(doubled, LONGEST_AFTER_LOSS.toMillis()));
    }
}
