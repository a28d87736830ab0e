package dev.safelight.pipeline;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Status;
import dev.safelight.catalog.Catalog;
import org.springframework.stereotype.Component;

/// Makes the version READY: its facts and variants enter the catalogue in one transaction.
@Component
final class Publish implements Step {
    private final Catalog catalog;

    Publish(Catalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public AssetVersion apply(AssetVersion version, Workspace workspace) {
        catalog.publish(version);
        return version.withStatus(Status.READY, null);
    }
}
