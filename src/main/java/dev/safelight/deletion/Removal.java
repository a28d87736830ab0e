package dev.safelight.deletion;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.catalog.RemovalLock;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/// The one place where objects of deleted assets are removed from the store: variants as a worker, originals as the
/// identity that nothing else uses. While a backup runs, it fails as BUSY.
@Component
@OnRole(ServerRole.WORKER)
final class Removal {
    private final ObjectStore worker;
    private final ObjectProvider<ObjectStore> admin;
    private final RemovalLock lock;

    /// @throws IllegalArgumentException when originals are to be removed and nobody may
    Removal(
            @Qualifier("worker") ObjectStore worker,
            @Qualifier("admin") ObjectProvider<ObjectStore> admin,
            RemovalLock lock,
            DeletionSettings settings) {
        this.worker = worker;
        this.lock = lock;
        this.admin = admin;
        if (settings.originals() == DeletionSettings.Originals.REMOVE && !canRemoveOriginals()) {
            throw new IllegalArgumentException(
                    "safelight.deletion.originals=remove needs an identity that may delete originals:"
                            + " set safelight.s3.keys.admin.");
        }
    }

    boolean canRemoveOriginals() {
        return admin.getIfAvailable() != null;
    }

    /// Removes objects of variants; what is not there is no error.
    void variants(Collection<BlobKey> keys) throws IOException {
        if (keys.stream().anyMatch(key -> key.bucket() == Bucket.RAW)) {
            throw new IllegalArgumentException("an original is no variant");
        }
        remove(keys, worker);
    }

    /// Removes all objects whose key begins so.
    void below(Bucket bucket, String prefix) throws IOException {
        List<BlobKey> found = new ArrayList<>();
        worker.list(bucket, prefix, page -> page.stream().map(StoredObject::key).forEach(found::add));
        variants(found);
    }

    /// Removes originals, which somebody asked for.
    void originals(Collection<BlobKey> keys) throws IOException {
        ObjectStore allowed = admin.getIfAvailable();
        if (allowed == null) {
            throw new Failure(
                    Failure.Kind.UNAVAILABLE,
                    "This worker has no identity that may delete originals: set safelight.s3.keys.admin.");
        }
        remove(keys, allowed);
    }

    /// What is to go was decided for good before, so the lock need not be held so long.
    private void remove(Collection<BlobKey> keys, ObjectStore store) throws IOException {
        lock.<IOException>whileRemoving(() -> {
            for (BlobKey key : keys) {
                store.delete(key);
            }
        });
    }
}
