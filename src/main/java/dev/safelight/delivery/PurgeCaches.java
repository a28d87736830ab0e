package dev.safelight.delivery;

import dev.safelight.asset.AssetId;
import dev.safelight.purge.OwnCaches;
import dev.safelight.render.Renderer;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.io.IOException;
import java.time.Instant;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/// The caches of a process that delivers: variants and results in memory; variants, results and sources on
/// disk.
@Component
@OnRole(ServerRole.DELIVERY)
final class PurgeCaches implements OwnCaches {
    private final MediaMemory memory;
    private final Renderer renderer;
    private final ObjectProvider<DiskTier> disk;

    PurgeCaches(MediaMemory memory, Renderer renderer, ObjectProvider<DiskTier> disk) {
        this.memory = memory;
        this.renderer = renderer;
        this.disk = disk;
    }

    /// What is here goes first, as nobody has to be asked for it; the bucket may refuse. Memory fills itself
    /// from the disk, and the disk from the bucket, so that each goes again after what it fills itself from.
    @Override
    public void forget(Set<AssetId> assets) throws IOException {
        renderer.purgeDisk(assets);
        disk.ifAvailable(kept -> kept.forget(assets));
        memory.forget(assets);
        try {
            renderer.purgeBucket(assets);
        } finally {
            memory.forget(assets);
        }
    }

    @Override
    public void forgetAll(Instant asked) {
        renderer.purgeAll(asked);
        disk.ifAvailable(DiskTier::forgetAll);
        memory.forgetAll();
    }

    @Override
    public void distrustKeptBefore(Instant moment) {
        renderer.distrustKeptBefore(moment);
    }
}
