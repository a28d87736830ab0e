package dev.safelight.delivery;

import dev.safelight.asset.AssetId;
import dev.safelight.catalog.CatalogListener;
import dev.safelight.render.Renderer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Tidies up what this process keeps of assets that are withdrawn, once that is committed.
@Component
final class ForgetResults implements CatalogListener {
    // A process that only works has none, and the catalogue must start without it.
    private final ObjectProvider<Renderer> renderer;
    private final ObjectProvider<DiskTier> disk;

    ForgetResults(ObjectProvider<Renderer> renderer, ObjectProvider<DiskTier> disk) {
        this.renderer = renderer;
        this.disk = disk;
    }

    @Override
    public void assetChanged(AssetId id) {
        // Results are found by version and by what was done to it, so that most changes make them no worse.
    }

    @Override
    public void assetWithdrawn(AssetId id) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            forget(id);
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                forget(id);
            }
        });
    }

    private void forget(AssetId id) {
        renderer.ifAvailable(known -> known.forget(id));
        disk.ifAvailable(known -> known.forget(id));
    }
}
