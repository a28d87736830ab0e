package dev.safelight.pipeline;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Status;
import dev.safelight.job.JobRun;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// Named steps, done one after the other until one of them ends the way.
record Pipeline(String name, List<Step> steps) {
    Pipeline {
        steps = List.copyOf(steps);
    }

    AssetVersion run(AssetVersion version, Workspace workspace, JobRun run) throws IOException, InterruptedException {
        AssetVersion current = version;
        for (Step step : steps) {
            long started = System.nanoTime();
            current = step.apply(current, workspace);
            run.note(step.name(), Duration.ofNanos(System.nanoTime() - started));
            if (current.status() != Status.PROCESSING) {
                break;
            }
        }
        return current;
    }
}
