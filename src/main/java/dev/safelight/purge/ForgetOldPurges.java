package dev.safelight.purge;

import dev.safelight.job.RecurringJob;
import java.time.Duration;
import org.springframework.stereotype.Component;

/// Keeps the lists of purges and nodes bounded. A node that was away for longer empties its caches when it
/// comes back.
@Component
final class ForgetOldPurges implements RecurringJob {
    private static final Duration KEPT = Duration.ofDays(7);

    private final PurgeRepository purges;
    private final NodeRepository nodes;

    ForgetOldPurges(PurgeRepository purges, NodeRepository nodes) {
        this.purges = purges;
        this.nodes = nodes;
    }

    @Override
    public String name() {
        return "forget-old-purges";
    }

    @Override
    public Duration pause() {
        return Duration.ofHours(1);
    }

    @Override
    public void run() {
        nodes.forgetUnseen(KEPT);
        purges.forgetEndedBefore(KEPT);
    }
}
