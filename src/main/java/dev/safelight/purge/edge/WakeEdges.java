package dev.safelight.purge.edge;

import dev.safelight.job.JobQueue;
import dev.safelight.job.RecurringJob;
import dev.safelight.purge.PurgeJobs;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.time.Duration;
import org.springframework.stereotype.Component;

/// Sees to it that there is a job for each edge that is to be told something by now.
@Component
@OnRole(ServerRole.WORKER)
final class WakeEdges implements RecurringJob {
    private final EdgeRepository edges;
    private final JobQueue jobs;

    WakeEdges(EdgeRepository edges, JobQueue jobs) {
        this.edges = edges;
        this.jobs = jobs;
    }

    @Override
    public String name() {
        return "wake-edges";
    }

    @Override
    public Duration pause() {
        return Duration.ofSeconds(1);
    }

    @Override
    public void run() {
        edges.busy().forEach(edge -> jobs.enqueue(PurgeJobs.KIND, edge));
    }
}
