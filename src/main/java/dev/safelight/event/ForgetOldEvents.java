package dev.safelight.event;

import dev.safelight.job.RecurringJob;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/// Keeps the inbox bounded: events older than any store repeats them are forgotten, and refused notifications together
/// with their dead jobs.
@Component
final class ForgetOldEvents implements RecurringJob {
    private static final Duration KEPT = Duration.ofDays(15);
    /// Not before their jobs.
    private static final Duration REFUSED_KEPT = Duration.ofDays(91);

    private final StoreEventRepository repository;
    private final RefusedNotificationRepository refused;
    private final InstantSource clock;

    ForgetOldEvents(StoreEventRepository repository, RefusedNotificationRepository refused, InstantSource clock) {
        this.repository = repository;
        this.refused = refused;
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
        Instant now = clock.instant();
        repository.forgetBefore(now.minus(KEPT));
        refused.forgetBefore(now.minus(REFUSED_KEPT));
    }
}
