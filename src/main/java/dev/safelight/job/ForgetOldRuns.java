package dev.safelight.job;

import java.time.Duration;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/// Keeps the run history and the dead jobs bounded.
@Component
final class ForgetOldRuns implements RecurringJob {
    private static final Duration KEPT = Duration.ofDays(30);
    private static final Duration DEAD_KEPT = Duration.ofDays(90);

    private final JobRepository repository;
    private final InstantSource clock;

    ForgetOldRuns(JobRepository repository, InstantSource clock) {
        this.repository = repository;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "forget-old-runs";
    }

    @Override
    public Duration pause() {
        return Duration.ofHours(6);
    }

    @Override
    public void run() {
        repository.forgetRunsBefore(clock.instant().minus(KEPT));
        repository.forgetDeadBefore(clock.instant().minus(DEAD_KEPT));
    }
}
