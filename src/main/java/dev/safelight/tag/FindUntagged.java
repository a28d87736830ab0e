package dev.safelight.tag;

import dev.safelight.asset.VersionId;
import dev.safelight.catalog.TaggedVersions;
import dev.safelight.job.JobQueue;
import dev.safelight.job.RecurringJob;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Has versions tagged whose objects may not say what was decided: those of before there were tags, and those that a
/// process died with. A page of them each time, behind all other work.
@Component
final class FindUntagged implements RecurringJob {
    private static final Logger LOG = LoggerFactory.getLogger(FindUntagged.class);

    private static final Duration PAUSE = Duration.ofSeconds(30);
    private static final int BATCH = 1000;

    private final TaggedVersions versions;
    private final TagVariants tags;
    private final JobQueue jobs;
    private @Nullable VersionId last;

    FindUntagged(TaggedVersions versions, TagVariants tags, JobQueue jobs) {
        this.versions = versions;
        this.tags = tags;
        this.jobs = jobs;
    }

    @Override
    public String name() {
        return "find-untagged";
    }

    @Override
    public Duration pause() {
        return PAUSE;
    }

    @Override
    public void run() {
        if (tags.isUnsupported()) {
            return;
        }
        List<VersionId> due = versions.due(last, BATCH);
        due.forEach(id -> jobs.enqueueBehind(TaggedVersions.JOB, id.toString()));
        // On from here the next time: some may fail for long.
        last = due.size() < BATCH ? null : due.getLast();
        if (due.size() == BATCH) {
            LOG.info("Many versions are still to be tagged; {} of them now", BATCH);
        }
    }
}
