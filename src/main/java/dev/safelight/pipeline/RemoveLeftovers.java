package dev.safelight.pipeline;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Status;
import dev.safelight.asset.VersionId;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.job.JobEnd;
import dev.safelight.job.JobHandler;
import dev.safelight.job.JobRun;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/// Deletes variants that were stored for a version which never became READY.
@Component
final class RemoveLeftovers implements JobHandler {
    static final String KIND = "remove-leftovers";

    private static final Logger LOG = LoggerFactory.getLogger(RemoveLeftovers.class);

    private final Catalog catalog;
    private final ObjectStore store;

    RemoveLeftovers(Catalog catalog, @Qualifier("worker") ObjectStore store) {
        this.catalog = catalog;
        this.store = store;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void run(JobRun run) throws IOException {
        Optional<AssetVersion> version = VersionId.parse(run.instance())
                .flatMap(id -> catalog.find(id.asset(), id.version()))
                .map(CatalogEntry::version)
                .filter(found -> found.status() == Status.FAILED || found.status() == Status.REJECTED);
        if (version.isEmpty()) {
            return;
        }
        Bucket bucket = Bucket.ofVariants(version.get().space());
        List<StoredObject> leftovers = new ArrayList<>();
        store.list(bucket, VariantKey.prefix(version.get()), leftovers::addAll);
        for (StoredObject leftover : leftovers) {
            store.delete(leftover.key());
        }
    }

    @Override
    public void abandon(String instance, JobEnd end) {
        LOG.warn("Variants of {} could not be removed; they are not served", instance);
    }
}
