package dev.safelight.catalog;

import dev.safelight.asset.VersionId;
import dev.safelight.job.JobQueue;
import dev.safelight.job.RecurringJob;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/// Makes sure that each version in PROCESSING has its job: one that waits or runs already is not doubled.
///
/// State and job are created together, so there is nothing to do here, unless somebody emptied the queue by hand.
@Component
final class ResumeProcessing implements RecurringJob {
    private static final Duration PAUSE = Duration.ofMinutes(2);
    private static final int BATCH = 1000;

    private final AssetRepository assets;
    private final JobQueue jobs;
    private final InstantSource clock;

    ResumeProcessing(AssetRepository assets, JobQueue jobs, InstantSource clock) {
        this.assets = assets;
        this.jobs = jobs;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "resume-processing";
    }

    @Override
    public Duration pause() {
        return PAUSE;
    }

    @Override
    public void run() {
        Instant before = clock.instant().minus(PAUSE);
        for (VersionId version : assets.processingSince(before, BATCH)) {
            assets.flow(version.asset())
                    .ifPresent(flow -> jobs.enqueue(Catalog.PROCESSING_JOB, version.toString(), flow));
        }
    }
}
