package dev.safelight.deletion;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.Failure;
import dev.safelight.catalog.Deletions;
import dev.safelight.job.JobEnd;
import dev.safelight.job.JobHandler;
import dev.safelight.job.JobQueue;
import dev.safelight.job.JobRun;
import dev.safelight.job.OwnInstance;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// The second look at the place of a purged asset in the store: what was on its way at the first has arrived by now.
@Component
@OnRole(ServerRole.WORKER)
final class RemoveRemains implements JobHandler {
    static final String KIND = "remove-remains";

    private static final Duration AFTER_BACKUP = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(RemoveRemains.class);

    private final Deletions deletions;
    private final EmptyAsset empty;
    private final JobQueue jobs;

    RemoveRemains(Deletions deletions, EmptyAsset empty, JobQueue jobs) {
        this.deletions = deletions;
        this.empty = empty;
        this.jobs = jobs;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void run(JobRun run) throws IOException {
        run.foundNothingToDo();
        String asset = OwnInstance.subject(run.instance());
        Optional<AssetId> id = AssetId.parse(asset);
        Optional<Deletions.Remains> remains = id.flatMap(deletions::remains);
        if (id.isPresent() && remains.isPresent()) {
            remove(id.get(), remains.get());
        }
    }

    private void remove(AssetId id, Deletions.Remains remains) throws IOException {
        try {
            empty.remove(id, remains);
        } catch (Failure busy) {
            if (busy.kind() != Failure.Kind.BUSY) {
                throw busy;
            }
            // A backup may take longer than a job is retried.
            jobs.enqueueAfter(AFTER_BACKUP, KIND, OwnInstance.of(id));
        }
    }

    @Override
    public void abandon(String instance, JobEnd end) {
        LOG.warn("The second look at what is left of {} was given up: {}", instance, end.reason());
    }
}
