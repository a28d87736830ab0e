package dev.safelight.deletion;

import dev.safelight.asset.AssetId;
import dev.safelight.catalog.Deletions;
import dev.safelight.job.JobEnd;
import dev.safelight.job.JobHandler;
import dev.safelight.job.JobRun;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// The second look at the place of a purged asset in the store: what was on its way at the first has arrived by now.
@Component
final class RemoveRemains implements JobHandler {
    static final String KIND = "remove-remains";

    private static final Logger LOG = LoggerFactory.getLogger(RemoveRemains.class);

    private final Deletions deletions;
    private final EmptyAsset empty;

    RemoveRemains(Deletions deletions, EmptyAsset empty) {
        this.deletions = deletions;
        this.empty = empty;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void run(JobRun run) throws IOException {
        run.foundNothingToDo();
        Optional<AssetId> id = AssetId.parse(run.instance());
        Optional<Deletions.Remains> remains = id.flatMap(deletions::remains);
        if (id.isPresent() && remains.isPresent()) {
            empty.remove(id.get(), remains.get());
        }
    }

    @Override
    public void abandon(String instance, JobEnd end) {
        LOG.warn("The second look at what is left of {} was given up: {}", instance, end.reason());
    }
}
