package dev.safelight.backfill;

import dev.safelight.asset.AssetId;
import dev.safelight.catalog.ReadyAssets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A walk through assets that has those reprocessed that the profile of now asks to change.
///
/// @param position the last asset that was examined
/// @param walked whether all were examined
/// @param waiting versions whose jobs wait or run
/// @param nextAt when the throttle lets the next job through
/// @param runningSince the start, or the last time that it was resumed
record Backfill(
        UUID id,
        State state,
        ReadyAssets.Query query,
        Throttle throttle,
        Counts counts,
        @Nullable AssetId position,
        boolean walked,
        int waiting,
        Instant nextAt,
        Instant runningSince,
        Starter startedBy,
        Instant createdAt,
        @Nullable Instant finishedAt) {

    enum State {
        RUNNING,
        PAUSED,
        DONE,
        CANCELLED;

        boolean isOpen() {
            return this == RUNNING || this == PAUSED;
        }
    }

    /// How fast it goes.
    ///
    /// @param perMinute jobs a minute; null for as many as others leave room for
    /// @param inFlight jobs that wait or run at a time
    record Throttle(@Nullable Integer perMinute, int inFlight) {
        /// What may be caught up with after a delay, so that a busy server keeps the rate, and a stalled one does not
        /// make up for an hour in a second.
        private static final Duration CATCH_UP = Duration.ofSeconds(5);

        /// How many jobs may be added now.
        int allowed(Instant nextAt, Instant now) {
            if (perMinute == null) {
                return Integer.MAX_VALUE;
            }
            if (now.isBefore(nextAt)) {
                return 0;
            }
            return 1 + (int) Duration.between(begin(nextAt, now), now).dividedBy(interval(perMinute));
        }

        /// When the next one may be added, after some were.
        Instant next(Instant nextAt, Instant now, int added) {
            return perMinute == null || added == 0
                    ? nextAt
                    : begin(nextAt, now).plus(interval(perMinute).multipliedBy(added));
        }

        private static Instant begin(Instant nextAt, Instant now) {
            Instant earliest = now.minus(CATCH_UP);
            return nextAt.isBefore(earliest) ? earliest : nextAt;
        }

        private static Duration interval(int perMinute) {
            return Duration.ofMinutes(1).dividedBy(perMinute);
        }
    }

    /// @param total assets at the start; some may be deleted or changed before their turn
    /// @param examined assets that were looked at
    /// @param needed those of them that had to change
    /// @param enqueued jobs that were added, those of second attempts included
    /// @param done jobs that ended well
    /// @param failed jobs that were given up
    /// @param made variants and mezzanines to make
    /// @param bytesToWrite an estimate, of what was examined so far
    /// @param bytesFreed of what is replaced and removed, of what was examined so far
    record Counts(
            long total,
            long examined,
            long needed,
            long enqueued,
            long done,
            long failed,
            long made,
            long bytesToWrite,
            long bytesFreed) {}

    /// The key that started it.
    record Starter(UUID id, String name) {}
}
