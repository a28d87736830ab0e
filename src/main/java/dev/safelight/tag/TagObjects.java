package dev.safelight.tag;

import dev.safelight.asset.VersionId;
import dev.safelight.catalog.TaggedVersions;
import dev.safelight.job.JobEnd;
import dev.safelight.job.JobHandler;
import dev.safelight.job.JobRun;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// The job that tags all objects of a version with what was decided about it.
@Component
final class TagObjects implements JobHandler {
    private static final Logger LOG = LoggerFactory.getLogger(TagObjects.class);

    private final TaggedVersions versions;

    TagObjects(TaggedVersions versions) {
        this.versions = versions;
    }

    @Override
    public String kind() {
        return TaggedVersions.JOB;
    }

    @Override
    public void run(JobRun run) throws IOException {
        VersionId id = TaggedVersions.version(run.instance());
        if (id != null) {
            versions.tag(id);
        }
    }

    @Override
    public void abandon(String instance, JobEnd end) {
        VersionId id = TaggedVersions.version(instance);
        if (id != null) {
            versions.noteDue(id);
        }
        LOG.warn("The objects of {} could not be tagged ({}); they will be tried again", instance, end.reason());
    }
}
