package dev.safelight.pipeline;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Variant;
import dev.safelight.asset.VersionId;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.RemovalLock;
import dev.safelight.job.JobEnd;
import dev.safelight.job.JobHandler;
import dev.safelight.job.JobQueue;
import dev.safelight.job.JobRun;
import dev.safelight.job.OwnInstance;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.StoredObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/// Deletes stored variants that the catalogue does not know: of attempts that were cut off or came to nothing, and
/// those that were replaced.
@Component
@OnRole(ServerRole.WORKER)
final class RemoveLeftovers implements JobHandler {
    static final String KIND = "remove-leftovers";

    private static final Logger LOG = LoggerFactory.getLogger(RemoveLeftovers.class);

    private static final Duration AFTER_BACKUP = Duration.ofMinutes(2);

    private final Catalog catalog;
    private final RemovalLock removals;
    private final JobQueue jobs;
    private final ObjectStore store;

    RemoveLeftovers(Catalog catalog, RemovalLock removals, JobQueue jobs, @Qualifier("worker") ObjectStore store) {
        this.catalog = catalog;
        this.removals = removals;
        this.jobs = jobs;
        this.store = store;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void run(JobRun run) throws IOException {
        Optional<VersionId> id = VersionId.parse(OwnInstance.subject(run.instance()));
        if (id.isEmpty()) {
            return;
        }
        try {
            // Under the lock no retry can begin to store variants that would be taken for leftovers.
            catalog.<IOException>whileLocked(
                    id.get().asset(), id.get().version(), version -> removals.whileRemoving(() -> remove(version)));
        } catch (Failure failed) {
            if (failed.kind() != Failure.Kind.BUSY) {
                throw failed;
            }
            // A backup may take longer than a job is retried, and has nothing to do with this job's failures.
            jobs.enqueueAfter(AFTER_BACKUP, KIND, OwnInstance.of(id.get()));
            run.foundNothingToDo();
        }
    }

    private void remove(AssetVersion version) throws IOException {
        if (!version.status().isFinal()) {
            return;
        }
        Set<BlobKey> wanted =
                version.derivatives().stream().map(Variant::object).collect(Collectors.toSet());
        List<StoredObject> stored = new ArrayList<>();
        store.list(Bucket.ofVariants(version.space()), VariantKey.prefix(version), stored::addAll);
        for (StoredObject object : stored) {
            if (!wanted.contains(object.key())) {
                store.delete(object.key());
            }
        }
    }

    @Override
    public void abandon(String instance, JobEnd end) {
        LOG.warn("Variants of {} could not be removed; they are not served", instance);
    }
}
