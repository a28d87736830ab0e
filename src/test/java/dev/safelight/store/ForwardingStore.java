package dev.safelight.store;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A store in front of another one, for tests in which one thing goes wrong.
public abstract class ForwardingStore implements ObjectStore {
    private final ObjectStore store;

    protected ForwardingStore(ObjectStore store) {
        this.store = store;
    }

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
        store.list(bucket, prefix, page);
    }

    @Override
    public ObjectPage page(Bucket bucket, String prefix, String after, int most) throws IOException {
        return store.page(bucket, prefix, after, most);
    }
}
