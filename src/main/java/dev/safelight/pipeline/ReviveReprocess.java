package dev.safelight.pipeline;

import dev.safelight.asset.VersionId;
import dev.safelight.job.JobRevival;
import org.springframework.stereotype.Component;

/// Has a version reprocessed again whose reprocessing was given up, behind all other jobs as before.
@Component
final class ReviveReprocess implements JobRevival {
    private final Reprocessing reprocessing;

    ReviveReprocess(Reprocessing reprocessing) {
        this.reprocessing = reprocessing;
    }

    @Override
    public String kind() {
        return ReprocessVersion.KIND;
    }

    @Override
    public void revive(String instance) {
        VersionId.parse(instance).ifPresent(reprocessing::enqueue);
    }
}
