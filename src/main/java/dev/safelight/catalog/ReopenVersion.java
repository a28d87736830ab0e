package dev.safelight.catalog;

import dev.safelight.asset.VersionId;
import dev.safelight.job.JobRevival;
import org.springframework.stereotype.Component;

/// Has a version processed again whose processing was given up.
@Component
final class ReopenVersion implements JobRevival {
    private final Catalog catalog;

    ReopenVersion(Catalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public String kind() {
        return Catalog.PROCESSING_JOB;
    }

    @Override
    public void revive(String instance) {
        VersionId.parse(instance).ifPresent(id -> catalog.reopen(id.asset(), id.version()));
    }
}
