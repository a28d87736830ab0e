package dev.safelight.backfill;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Status;
import dev.safelight.asset.VersionId;
import dev.safelight.backfill.Backfill.State;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.catalog.ReadyAssets;
import dev.safelight.job.JobQueue;
import dev.safelight.job.QueuedJobs.Standing;
import dev.safelight.job.RecurringJob;
import dev.safelight.pipeline.ReprocessPlan;
import dev.safelight.pipeline.Reprocessing;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Counts which jobs of backfills have ended, and adds the next ones as the throttle allows.
///
/// All that belongs together is one transaction: a job and its row among those in flight, the place in the walk and
/// the counts. So a crash leaves the state before or the one after. Several may do this at the same time: each
/// backfill is locked while it is at work, and passed over by the others.
@Component
final class AdvanceBackfills implements RecurringJob {
    static final int MOST_LISTED_FAILURES = 1000;

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int PAGE = 200;

    /// Where nothing needs a job, so many pages are examined until other backfills have their turn.
    private static final int PAGES_AT_ONCE = 10;

    private static final Logger LOG = LoggerFactory.getLogger(AdvanceBackfills.class);

    private final BackfillRepository backfills;
    private final BackfillItemRepository items;
    private final ReadyAssets assets;
    private final Catalog catalog;
    private final Reprocessing reprocessing;
    private final TransactionTemplate transaction;
    private final MeterRegistry metrics;
    private final InstantSource clock;

    AdvanceBackfills(
            BackfillRepository backfills,
            BackfillItemRepository items,
            ReadyAssets assets,
            Catalog catalog,
            Reprocessing reprocessing,
            TransactionTemplate transaction,
            MeterRegistry metrics,
            InstantSource clock) {
        this.backfills = backfills;
        this.items = items;
        this.assets = assets;
        this.catalog = catalog;
        this.reprocessing = reprocessing;
        this.transaction = transaction;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "advance-backfills";
    }

    @Override
    public Duration pause() {
        return PAUSE;
    }

    @Override
    public void run() {
        backfills.atWork().forEach(this::advance);
    }

    private void advance(UUID id) {
        boolean more = true;
        for (int page = 0; more && page < PAGES_AT_ONCE; page++) {
            Step step = transaction.execute(status -> {
                backfills.together();
                return backfills.lockIfFree(id).map(this::step).orElseGet(Step::new);
            });
            count(step);
            more = step.examined() == PAGE;
        }
    }

    private Step step(Backfill backfill) {
        Instant now = clock.instant();
        Step step = new Step();
        int open = settle(backfill, step, now);
        if (backfill.state() == State.RUNNING) {
            open += feed(backfill, Math.max(0, backfill.throttle().inFlight() - open), step, now);
        }
        backfills.advance(backfill.id(), step, backfill.throttle().next(backfill.nextAt(), now, step.enqueuedJobs()));
        if (step.examined() + step.ended() > 0) {
            items.note(backfill.id(), step, PaceOfLate.STRETCH, now.minus(PaceOfLate.KEPT), now);
        }
        boolean atEnd = (backfill.walked() || step.isWalked()) && open == 0;
        if (backfill.state() == State.RUNNING
                && atEnd
                && items.toRetry(backfill.id(), 1).isEmpty()) {
            backfills.finish(backfill.id(), State.DONE, now);
            LOG.info("Backfill {} is done", backfill.id());
        }
        return step;
    }

    /// Counts the jobs that have ended, each once: what is counted is in flight no more.
    ///
    /// @return how many have not
    private int settle(Backfill backfill, Step step, Instant now) {
        List<VersionId> inFlight = items.items(backfill.id()).stream()
                .map(BackfillItemRepository.Item::version)
                .toList();
        Map<VersionId, Standing> standings = reprocessing.standings(inFlight);
        int open = 0;
        for (VersionId version : inFlight) {
            Standing standing = standings.getOrDefault(version, new Standing(JobQueue.State.NONE, null));
            String reason = standing.reason();
            if (standing.state() == JobQueue.State.OPEN) {
                open++;
                continue;
            }
            items.remove(backfill.id(), version);
            if (reason == null) {
                step.done();
            } else {
                step.failed();
                items.addFailure(backfill.id(), version, reason, MOST_LISTED_FAILURES, now);
            }
        }
        return open;
    }

    /// Adds jobs: for what failed and is to be tried again, then for what comes next.
    ///
    /// @return how many
    private int feed(Backfill backfill, int room, Step step, Instant now) {
        int most = Math.min(room, backfill.throttle().allowed(backfill.nextAt(), now));
        for (VersionId version : items.toRetry(backfill.id(), Math.min(most, PAGE))) {
            items.removeFailure(backfill.id(), version);
            if (plan(version) == null) {
                step.done();
            } else {
                enqueue(backfill, version, step, now);
            }
        }
        if (step.enqueuedJobs() < most && !backfill.walked()) {
            walk(backfill, most, step, now);
        }
        return step.enqueuedJobs();
    }

    private void walk(Backfill backfill, int most, Step step, Instant now) {
        List<VersionId> page = assets.page(backfill.query(), backfill.position(), PAGE);
        for (VersionId version : page) {
            if (step.enqueuedJobs() >= most) {
                return;
            }
            step.examined(version.asset());
            ReprocessPlan plan = plan(version);
            if (plan != null) {
                step.needed(plan);
                enqueue(backfill, version, step, now);
            }
        }
        if (page.size() < PAGE) {
            step.walked();
        }
    }

    /// Null when there is nothing to do.
    private @Nullable ReprocessPlan plan(VersionId id) {
        Optional<AssetVersion> version = catalog.find(id.asset(), id.version())
                .map(CatalogEntry::version)
                .filter(found -> found.status() == Status.READY);
        return version.map(reprocessing::plan).filter(ReprocessPlan::isNeeded).orElse(null);
    }

    private void enqueue(Backfill backfill, VersionId version, Step step, Instant now) {
        boolean own = reprocessing.state(version) != JobQueue.State.OPEN;
        reprocessing.enqueue(version);
        items.add(backfill.id(), version, own, now);
        step.enqueued();
    }

    private void count(Step step) {
        count("examined", step.examined());
        count("enqueued", step.enqueuedJobs());
        count("done", step.doneJobs());
        count("failed", step.failedJobs());
    }

    private void count(String what, int amount) {
        metrics.counter("safelight.backfill.assets", "what", what).increment(amount);
    }
}
