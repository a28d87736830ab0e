package dev.safelight.backfill;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.Space;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A backfill as the API tells it. The counts are those of [Backfill.Counts].
///
/// @param state RUNNING, PAUSED, DONE or CANCELLED
/// @param perMinute the throttle; absent when there is none
/// @param inFlight how many jobs may wait or run at a time
/// @param total as counted at the start: approximate, since assets may be deleted or replaced before their turn
/// @param waiting jobs that wait or run now
/// @param progress 0 to 1: the share of the assets that need nothing any more
/// @param perMinuteOfLate jobs that ended in a minute, in the last minutes; absent unless it is running
/// @param secondsLeft absent unless it is running and something tells
/// @param failures the newest 100 that were given up, of the first 1000; absent in lists
record BackfillView(
        UUID id,
        Backfill.State state,
        Covered covers,
        @Nullable Integer perMinute,
        int inFlight,
        long total,
        long examined,
        long needed,
        long enqueued,
        int waiting,
        long done,
        long failed,
        long variantsToMake,
        long bytesToWrite,
        long bytesFreed,
        double progress,
        @Nullable Double perMinuteOfLate,
        @Nullable Long secondsLeft,
        Backfill.Starter startedBy,
        Instant createdAt,
        @Nullable Instant finishedAt,
        @Nullable List<FailedAsset> failures) {

    /// Which assets it goes through.
    ///
    /// @param assets how many, where they were named one by one
    record Covered(
            List<String> spaces,
            @Nullable Instant createdAfter,
            Instant createdBefore,
            @Nullable String skuPrefix,
            @Nullable Integer assets) {}

    /// @param reason administrators see the error itself among the dead jobs
    record FailedAsset(String asset, int version, String reason, Instant failedAt) {}

    static BackfillView of(Backfill backfill, Pace pace, @Nullable List<FailedAsset> failures) {
        boolean isRunning = backfill.state() == Backfill.State.RUNNING;
        Backfill.Counts counts = backfill.counts();
        List<AssetId> assets = backfill.query().assets();
        return new BackfillView(
                backfill.id(),
                backfill.state(),
                new Covered(
                        backfill.query().spaces().stream()
                                .map(Space::text)
                                .sorted()
                                .toList(),
                        backfill.query().createdAfter(),
                        backfill.query().createdBefore(),
                        backfill.query().skuPrefix(),
                        assets == null ? null : assets.size()),
                backfill.throttle().perMinute(),
                backfill.throttle().inFlight(),
                counts.total(),
                counts.examined(),
                counts.needed(),
                counts.enqueued(),
                backfill.waiting(),
                counts.done(),
                counts.failed(),
                counts.made(),
                counts.bytesToWrite(),
                counts.bytesFreed(),
                progress(backfill),
                isRunning ? Math.round(pace.endedPerMinute() * 10) / 10.0 : null,
                isRunning ? pace.left(backfill).map(Duration::toSeconds).orElse(null) : null,
                backfill.startedBy(),
                backfill.createdAt(),
                backfill.finishedAt(),
                failures);
    }

    private static double progress(Backfill backfill) {
        if (backfill.state() == Backfill.State.DONE) {
            return 1;
        }
        Backfill.Counts counts = backfill.counts();
        long all = backfill.walked() ? counts.examined() : Math.max(counts.total(), counts.examined());
        long open = Math.max(0, counts.needed() - counts.done() - counts.failed());
        return all == 0 ? 0 : Math.clamp((double) (counts.examined() - open) / all, 0, 1);
    }
}
