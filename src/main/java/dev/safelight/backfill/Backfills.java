package dev.safelight.backfill;

import dev.safelight.access.Caller;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.Failure;
import dev.safelight.asset.VersionId;
import dev.safelight.backfill.Backfill.State;
import dev.safelight.catalog.ReadyAssets;
import dev.safelight.pipeline.Reprocessing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Starts backfills, and has them stopped, resumed and cancelled. Who may do that was asked before.
@Component
final class Backfills {
    static final int MOST_OPEN = 10;

    private final BackfillRepository backfills;
    private final BackfillItemRepository items;
    private final ReadyAssets assets;
    private final Reprocessing reprocessing;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    Backfills(
            BackfillRepository backfills,
            BackfillItemRepository items,
            ReadyAssets assets,
            Reprocessing reprocessing,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.backfills = backfills;
        this.items = items;
        this.assets = assets;
        this.reprocessing = reprocessing;
        this.transaction = transaction;
        this.clock = clock;
    }

    UUID start(ReadyAssets.Query query, Backfill.Throttle throttle, Caller caller) {
        // Before the lock, as it may take long.
        long total = assets.count(query);
        Instant now = clock.instant();
        Backfill backfill = new Backfill(
                AssetId.timeOrdered(now),
                State.RUNNING,
                query,
                throttle,
                new Backfill.Counts(total, 0, 0, 0, 0, 0, 0, 0, 0),
                null,
                false,
                0,
                now,
                now,
                new Backfill.Starter(caller.keyId(), caller.name()),
                now,
                null);
        transaction.executeWithoutResult(status -> {
            backfills.alone();
            requireRoom();
            backfills.insert(backfill);
        });
        return backfill.id();
    }

    private void requireRoom() {
        if (backfills.countOpen() >= MOST_OPEN) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "%d backfills run or are paused, which is the limit: wait for one, or cancel one."
                            .formatted(MOST_OPEN));
        }
    }

    /// Adds no more jobs; those that were added end. Nothing changes when it is paused already.
    void pause(UUID id) {
        change(id, backfill -> {
            requireOpen(backfill, "paused");
            backfills.pause(id);
        });
    }

    void resume(UUID id) {
        change(id, backfill -> {
            requireOpen(backfill, "resumed");
            if (backfill.state() == State.PAUSED) {
                backfills.run(id, clock.instant());
            }
        });
    }

    /// Has the listed failures tried again, and goes on or begins anew for it.
    void retry(UUID id) {
        change(id, backfill -> {
            if (backfill.state() == State.CANCELLED) {
                throw wrongState(backfill, "retried");
            }
            int failures = items.markFailuresForRetry(id);
            if (failures == 0) {
                throw new Failure(
                        Failure.Kind.CONFLICT, "No failure of this backfill is listed: there is nothing to retry.");
            }
            backfills.takeBackFailures(id, failures);
            if (backfill.state() == State.DONE) {
                requireRoom();
                backfills.run(id, clock.instant());
            }
        });
    }

    /// Takes back what waits; what runs ends, and is counted. Nothing changes when it is cancelled already.
    void cancel(UUID id) {
        change(id, backfill -> {
            if (backfill.state() == State.CANCELLED) {
                return;
            }
            requireOpen(backfill, "cancelled");
            items.items(id).forEach(item -> takeBack(id, item));
            backfills.finish(id, State.CANCELLED, clock.instant());
        });
    }

    private void takeBack(UUID id, BackfillItemRepository.Item item) {
        VersionId version = item.version();
        // Somebody else waits for it, too.
        boolean isKept = !item.own() || items.bequeath(id, version);
        if (isKept || reprocessing.withdraw(version)) {
            items.remove(id, version);
        }
    }

    private void change(UUID id, Consumer<Backfill> change) {
        transaction.executeWithoutResult(status -> {
            backfills.alone();
            change.accept(backfills.lock(id).orElseThrow(Backfills::unknown));
        });
    }

    private static void requireOpen(Backfill backfill, String what) {
        if (!backfill.state().isOpen()) {
            throw wrongState(backfill, what);
        }
    }

    private static Failure wrongState(Backfill backfill, String what) {
        String allowed = what.equals("retried") ? "RUNNING, PAUSED or DONE" : "RUNNING or PAUSED";
        return new Failure(
                Failure.Kind.CONFLICT,
                "Only a backfill that is %s can be %s; this one is %s.".formatted(allowed, what, backfill.state()));
    }

    static Failure unknown() {
        return new Failure(Failure.Kind.NOT_FOUND, "There is no backfill with this id.");
    }
}
