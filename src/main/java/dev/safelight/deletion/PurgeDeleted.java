package dev.safelight.deletion;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.Failure;
import dev.safelight.catalog.Deletions;
import dev.safelight.job.JobQueue;
import dev.safelight.job.RecurringJob;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Purges assets whose retention is over, and sees to it that each erasure has its job.
///
/// A round does so much and no more; the next one goes on.
@Component
@OnRole(ServerRole.WORKER)
final class PurgeDeleted implements RecurringJob {
    static final AssetId BEFORE_ALL = new AssetId(new UUID(0, 0));

    private static final Logger LOG = LoggerFactory.getLogger(PurgeDeleted.class);

    private static final int BATCH = 100;
    private static final int MOST_BATCHES = 100;
    /// So many tell that it is the whole store that fails.
    private static final int MOST_FAILURES = 20;

    private final Deletions deletions;
    private final EmptyAsset empty;
    private final DeletionSettings settings;
    private final JobQueue jobs;
    private final InstantSource clock;

    PurgeDeleted(Deletions deletions, EmptyAsset empty, DeletionSettings settings, JobQueue jobs, InstantSource clock) {
        this.deletions = deletions;
        this.empty = empty;
        this.settings = settings;
        this.jobs = jobs;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "purge-deleted";
    }

    @Override
    public Duration pause() {
        return settings.pause();
    }

    @Override
    public void run() throws IOException, InterruptedException {
        for (long account : deletions.unfinishedErasures(BATCH)) {
            jobs.enqueue(EraseAccount.KIND, String.valueOf(account));
        }
        try {
            purge();
        } catch (Failure busy) {
            if (busy.kind() != Failure.Kind.BUSY) {
                throw busy;
            }
            LOG.info("Nothing is purged while a backup runs");
        }
    }

    private void purge() throws IOException, InterruptedException {
        int purged = BATCH;
        for (int i = 0; i < MOST_BATCHES && purged == BATCH; i++) {
            purged = deletions.purge(clock.instant().minus(settings.retention()), BATCH);
            emptyAll();
        }
    }

    private void emptyAll() throws IOException, InterruptedException {
        List<IOException> failures = new ArrayList<>();
        int count = 0;
        AssetId after = BEFORE_ALL;
        List<AssetId> page;
        do {
            page = deletions.purged(after, BATCH);
            for (AssetId id : page) {
                requireTime();
                after = id;
                try {
                    empty(id);
                    count++;
                } catch (IOException failed) {
                    // One that the store does not let go of must not keep the others.
                    failures.add(failed);
                } catch (Failure refused) {
                    if (refused.kind() == Failure.Kind.BUSY) {
                        throw refused;
                    }
                    failures.add(new IOException(refused.publicMessage(), refused));
                }
            }
        } while (page.size() == BATCH && failures.size() < MOST_FAILURES);
        if (count > 0) {
            LOG.info("Purged {} deleted assets", count);
        }
        if (!failures.isEmpty()) {
            throw new IOException(
                    "%d deleted assets could not be purged".formatted(failures.size()), failures.getFirst());
        }
    }

    private void empty(AssetId id) throws IOException {
        if (settings.originals() == DeletionSettings.Originals.REMOVE) {
            empty.removeOriginals(id);
        }
        empty.run(id);
    }

    /// Between any two assets, work can be stopped.
    static void requireTime() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("stopped between two assets");
        }
    }
}
