package dev.safelight.orphan;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.store.ByteRange;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.ObjectPage;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.OpenObject;
import dev.safelight.store.StoredObject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A store that breaks off each listing of one bucket after the first page, which it leaves empty.
record FailingList(ObjectStore store, Bucket failing) implements ObjectStore {
    @Override
    public StoredObject put(BlobKey key, Content content, ObjectHeaders headers) throws IOException {
        return store.put(key, content, headers);
    }

    @Override
    public Optional<StoredObject> head(BlobKey key) throws IOException {
        return store.head(key);
    }

    @Override
    public Optional<OpenObject> open(BlobKey key, @Nullable ByteRange range, @Nullable String etag) throws IOException {
        return store.open(key, range, etag);
    }

    @Override
    public void delete(BlobKey key) throws IOException {
        store.delete(key);
    }

    @Override
    public void list(Bucket bucket, String prefix, Consumer<List<StoredObject>> page) throws IOException {
        if (bucket != failing) {
            store.list(bucket, prefix, page);
            return;
        }
        page.accept(List.of());
        throw new IOException("cut off");
    }

    @Override
    public ObjectPage page(Bucket bucket, String prefix, String after, int most) throws IOException {
        if (bucket == failing) {
            throw new IOException("cut off");
        }
        return store.page(bucket, prefix, after, most);
    }
}
