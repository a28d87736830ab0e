package dev.safelight.pipeline;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.VersionId;
import dev.safelight.job.Flow;
import dev.safelight.job.JobQueue;
import dev.safelight.job.OwnInstance;
import dev.safelight.job.QueuedJobs;
import dev.safelight.job.QueuedJobs.Standing;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/// Has versions brought to the profile of now, each by a job.
@Component
public final class Reprocessing {
    private final ImageSettings settings;
    private final JobQueue jobs;
    private final QueuedJobs queued;

    Reprocessing(ImageSettings settings, JobQueue jobs, QueuedJobs queued) {
        this.settings = settings;
        this.jobs = jobs;
        this.queued = queued;
    }

    public ReprocessPlan plan(AssetVersion version) {
        return ReprocessPlan.of(version, Rebuild.of(version, settings));
    }

    /// Adds the job of a version that somebody waits for, who does not lose it to a backfill that is cancelled.
    void request(VersionId version, Flow flow) {
        jobs.enqueue(ReprocessVersion.KIND, version.toString(), flow);
    }

    /// Adds the job of a version that gives way to all others; nothing happens when it waits or runs already.
    public void enqueue(VersionId version) {
        jobs.enqueueBehind(ReprocessVersion.KIND, version.toString());
    }

    public JobQueue.State state(VersionId version) {
        return jobs.state(ReprocessVersion.KIND, version.toString());
    }

    public Map<VersionId, Standing> standings(Collection<VersionId> versions) {
        Map<String, Standing> standings = queued.standings(
                ReprocessVersion.KIND,
                versions.stream().map(VersionId::toString).toList());
        return standings.entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> VersionId.parse(entry.getKey()).orElseThrow(), Map.Entry::getValue));
    }

    /// Takes a job back that nobody works on or asked for by itself, and removes what an earlier attempt of it left;
    /// false when there is none. It is part of the caller's transaction.
    public boolean withdraw(VersionId version) {
        boolean withdrawn = queued.withdraw(ReprocessVersion.KIND, version.toString());
        if (withdrawn) {
            jobs.enqueueBehind(RemoveLeftovers.KIND, OwnInstance.of(version));
        }
        return withdrawn;
    }

    /// How long the job of one version takes a worker, from those that ran of late; empty when none has.
    public Optional<Duration> usualDuration() {
        return queued.usualDuration(ReprocessVersion.KIND);
    }
}
