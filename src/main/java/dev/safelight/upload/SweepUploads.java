package dev.safelight.upload;

import dev.safelight.job.JobQueue;
import dev.safelight.job.RecurringJob;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Has uploads settled whose bytes did not come, or came without an event: received, expired, or forgotten in the end.
///
/// The ledger knows the key of each upload, so the store is asked for single objects; no bucket is ever listed.
@Component
@OnRole({ServerRole.API, ServerRole.WORKER})
final class SweepUploads implements RecurringJob {
    private static final int BATCH = 500;

    private final UploadRepository ledger;
    private final JobQueue jobs;
    private final UploadSettings settings;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    SweepUploads(
            UploadRepository ledger,
            JobQueue jobs,
            UploadSettings settings,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.ledger = ledger;
        this.jobs = jobs;
        this.settings = settings;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "sweep-uploads";
    }

    @Override
    public Duration pause() {
        return settings.reconcilePause();
    }

    @Override
    public void run() {
        Instant now = clock.instant();
        transaction.executeWithoutResult(
                status -> ledger.takeSilent(now.minus(settings.reconcileAfter()), settings.reconcilePause(), now, BATCH)
                        .forEach(id -> jobs.enqueue(CompleteUpload.KIND, id + "/sweep")));
    }
}
