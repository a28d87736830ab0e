package dev.safelight.testing;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.store.ByteRange;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.ObjectPage;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.OpenObject;
import dev.safelight.store.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// An object store in memory that counts reads and breaks on demand.
public final class MemoryObjectStore implements ObjectStore {
    private final Map<String, Blob> blobs = new ConcurrentSkipListMap<>();
    private final AtomicInteger opened = new AtomicInteger();
    private volatile UnaryOperator<InputStream> streams = UnaryOperator.identity();
    private volatile Callable<?> beforePut = () -> null;
    private volatile boolean down;

    private record Blob(StoredObject stored, byte[] bytes) {}

    /// How often an object was opened.
    public int opened() {
        return opened.get();
    }

    /// From now on the store cannot be reached, or can again.
    public void down(boolean isDown) {
        down = isDown;
    }

    /// Puts something between the stored bytes and their reader.
    public void through(UnaryOperator<InputStream> filter) {
        streams = filter;
    }

    /// Does something before each write.
    public void beforePut(Callable<?> work) {
        beforePut = work;
    }

    @Override
    public StoredObject put(BlobKey key, Content content, ObjectHeaders headers) throws IOException {
        reach();
        try {
            beforePut.call();
        } catch (Exception failed) {
            throw new IOException(failed);
        }
        try (InputStream in = content.open()) {
            byte[] bytes = in.readAllBytes();
            StoredObject stored = new StoredObject(
                    key,
                    bytes.length,
                    HexFormat.of().toHexDigits(Arrays.hashCode(bytes)),
                    headers.contentType(),
                    Instant.EPOCH);
            blobs.put(key.toString(), new Blob(stored, bytes));
            return stored;
        }
    }

    @Override
    public Optional<StoredObject> head(BlobKey key) throws IOException {
        reach();
        return Optional.ofNullable(blobs.get(key.toString())).map(Blob::stored);
    }

    @Override
    public Optional<OpenObject> open(BlobKey key, @Nullable ByteRange range, @Nullable String etag) throws IOException {
        reach();
        opened.incrementAndGet();
        return Optional.ofNullable(blobs.get(key.toString()))
                .filter(blob -> etag == null || etag.equals(blob.stored().etag()))
                .map(blob -> new OpenObject(blob.stored(), streams.apply(slice(blob.bytes(), range))));
    }

    private static InputStream slice(byte[] bytes, @Nullable ByteRange range) {
        return range == null
                ? new ByteArrayInputStream(bytes)
                : new ByteArrayInputStream(bytes, (int) range.first(), (int) range.length());
    }

    @Override
    public void delete(BlobKey key) throws IOException {
        reach();
        blobs.remove(key.toString());
    }

    @Override
    public void list(Bucket bucket, String prefix, Consumer<List<StoredObject>> page) throws IOException {
        reach();
        page.accept(blobs.values().stream()
                .map(Blob::stored)
                .filter(stored ->
                        stored.key().bucket() == bucket && stored.key().key().startsWith(prefix))
                .toList());
    }

    @Override
    public ObjectPage page(Bucket bucket, String prefix, String after, int most) throws IOException {
        reach();
        List<StoredObject> rest = blobs.values().stream()
                .map(Blob::stored)
                .filter(stored ->
                        stored.key().bucket() == bucket && stored.key().key().startsWith(prefix))
                .filter(stored -> stored.key().key().compareTo(after) > 0)
                .limit(most + 1L)
                .toList();
        List<StoredObject> page = rest.subList(0, Math.min(most, rest.size()));
        return new ObjectPage(page, rest.size() > most ? page.getLast().key().key() : null);
    }

    private void reach() throws IOException {
        if (down) {
            throw new IOException("the store is down");
        }
    }
}
