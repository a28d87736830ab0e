package dev.safelight.backfill;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/// Looks up how fast a backfill went in the last minutes, the time before it was resumed left out.
@Component
final class PaceOfLate {
    static final Duration STRETCH = Duration.ofSeconds(10);
    static final Duration KEPT = Duration.ofMinutes(10);

    private static final Duration WINDOW = Duration.ofMinutes(3);

    private final BackfillItemRepository items;
    private final InstantSource clock;

    PaceOfLate(BackfillItemRepository items, InstantSource clock) {
        this.items = items;
        this.clock = clock;
    }

    Pace of(Backfill backfill) {
        if (backfill.state() != Backfill.State.RUNNING) {
            return Pace.NONE;
        }
        Instant now = clock.instant();
        Instant from = now.minus(WINDOW);
        return items.pace(backfill.id(), from.isBefore(backfill.runningSince()) ? backfill.runningSince() : from, now);
    }
}
