package dev.safelight.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.Space;
import dev.safelight.catalog.ReadyAssets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PaceTest {
    @Test
    void tellsNothingBeforeTheFirstJobEnded() {
        assertThat(Pace.NONE.left(backfill(null, 100, 10, 10, 0))).isEmpty();
        assertThat(Pace.of(0, 0, Duration.ofMinutes(1)).left(backfill(null, 100, 0, 0, 0)))
                .isEmpty();
        assertThat(Pace.of(5, 5, Duration.ZERO)).isEqualTo(Pace.NONE);
    }

    @Test
    void takesTheThrottleForTheRateBeforeTheFirstJobEnded() {
        assertThat(Pace.NONE.left(backfill(10, 100, 0, 0, 0))).contains(Duration.ofMinutes(10));
    }

    @Test
    void expectsAsManyJobsOfTheRestAsOfWhatWasExamined() {
        // 50 examined, 25 of them needed a job, 20 of these ended: 5 + 25 are left at 10 a minute.
        assertThat(Pace.of(20, 20, Duration.ofMinutes(2)).left(backfill(null, 100, 50, 25, 20)))
                .contains(Duration.ofMinutes(3));
    }

    @Test
    void goesNoFasterThanTheThrottle() {
        assertThat(Pace.of(60, 60, Duration.ofMinutes(1)).left(backfill(30, 90, 60, 60, 60)))
                .contains(Duration.ofMinutes(1));
    }

    @Test
    void goesByTheWalkWhereNothingIsNeeded() {
        assertThat(Pace.of(600, 0, Duration.ofMinutes(1)).left(backfill(null, 1800, 600, 0, 0)))
                .contains(Duration.ofMinutes(2));
    }

    @Test
    void isOverWhenNothingIsLeft() {
        assertThat(Pace.NONE.left(backfill(null, 10, 10, 5, 5))).contains(Duration.ZERO);
    }

    private static Backfill backfill(@Nullable Integer perMinute, long total, long examined, long needed, long done) {
        Instant now = Instant.EPOCH;
        return new Backfill(
                new UUID(0, 1),
                Backfill.State.RUNNING,
                new ReadyAssets.Query(Set.of(Space.USER), null, now, null, null),
                new Backfill.Throttle(perMinute, 10),
                new Backfill.Counts(total, examined, needed, needed, done, 0, 0, 0, 0),
                null,
                false,
                0,
                now,
                now,
                new Backfill.Starter(new UUID(0, 2), "key"),
                now,
                null);
    }
}
