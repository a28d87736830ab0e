package dev.safelight.backfill;

import dev.safelight.job.RecurringJob;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/// Keeps the list of backfills bounded.
@Component
final class ForgetOldBackfills implements RecurringJob {
    private static final Duration KEPT = Duration.ofDays(90);

    private final BackfillRepository backfills;
    private final InstantSource clock;

    ForgetOldBackfills(BackfillRepository backfills, InstantSource clock) {
        this.backfills = backfills;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "forget-old-backfills";
    }

    @Override
    public Duration pause() {
        return Duration.ofHours(6);
    }

    @Override
    public void run() {
        backfills.forgetFinishedBefore(clock.instant().minus(KEPT));
    }
}
