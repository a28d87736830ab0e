package dev.safelight.event;

import dev.safelight.job.RecurringJob;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/// Keeps the inbox bounded: events older than any store repeats them are forgotten.
@Component
final class ForgetOldEvents implements RecurringJob {
    private static final Duration KEPT = Duration.ofDays(15);

    private final StoreEventRepository repository;
    private final InstantSource clock;

    ForgetOldEvents(StoreEventRepository repository, InstantSource clock) {
        this.repository = repository;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "forget-old-events";
    }

    @Override
    public Duration pause() {
        return Duration.ofHours(6);
    }

    @Override
    public void run() {
        repository.forgetBefore(clock.instant().minus(KEPT));
    }
}
