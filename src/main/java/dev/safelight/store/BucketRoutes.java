package dev.safelight.store;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A store of which some buckets are used as another identity.
///
/// @param usual for the buckets that are not named
public record BucketRoutes(ObjectStore usual, Map<Bucket, ObjectStore> others) implements ObjectStore {
    public BucketRoutes {
        others = Map.copyOf(others);
    }

    private ObjectStore of(Bucket bucket) {
        return others.getOrDefault(bucket, usual);
    }

    @Override
    public StoredObject put(BlobKey key, Content content, ObjectHeaders headers) throws IOException {
        return of(key.bucket()).put(key, content, headers);
    }

    @Override
    public Optional<StoredObject> head(BlobKey key) throws IOException {
        return of(key.bucket()).head(key);
    }

    @Override
    public Optional<OpenObject> open(BlobKey key, @Nullable ByteRange range, @Nullable String etag) throws IOException {
        return of(key.bucket()).open(key, range, etag);
    }

    @Override
    public void delete(BlobKey key) throws IOException {
        of(key.bucket()).delete(key);
    }

    @Override
    public void list(Bucket bucket, String prefix, Consumer<List<StoredObject>> page) throws IOException {
        of(bucket).list(bucket, prefix, page);
    }

    @Override
    public ObjectPage page(Bucket bucket, String prefix, String after, int most) throws IOException {
        return of(bucket).page(bucket, prefix, after, most);
    }
}
