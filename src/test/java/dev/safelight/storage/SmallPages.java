package dev.safelight.storage;

import dev.safelight.asset.Bucket;
import dev.safelight.store.ForwardingStore;
import dev.safelight.store.ObjectPage;
import dev.safelight.store.ObjectStore;
import java.io.IOException;

/// A store whose pages are small, and that fails after some of them.
final class SmallPages extends ForwardingStore {
    private final int size;

    /// Pages until it fails.
    int left;

    SmallPages(ObjectStore store, int size) {
        super(store);
        this.size = size;
    }

    @Override
    public ObjectPage page(Bucket bucket, String prefix, String after, int most) throws IOException {
        if (left-- == 0) {
            throw new IOException("cut off");
        }
        return super.page(bucket, prefix, after, size);
    }
}
