package dev.safelight.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import dev.safelight.render.DiskCache.Entry;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.testing.MemoryObjectStore;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SourceFilesTest {
    private static final AssetId ID = AssetId.create(Instant.EPOCH);
    private static final BlobKey KEY = new BlobKey(Bucket.RAW, "raw/2026/01/x/photo");
    private static final byte[] CONTENT = {1, 2, 3};

    private final MemoryObjectStore store = new MemoryObjectStore();

    @TempDir
    Path temporary = Path.of("");

    private ReopenableCache disk = new ReopenableCache(Path.of(""));
    private SourceFiles sources;

    @BeforeEach
    void start() throws IOException {
        disk = new ReopenableCache(temporary.resolve("cache"));
        disk.open(1 << 20, 100);
        sources = new SourceFiles(store, disk.cache());
        store.put(KEY, new Content.Bytes(CONTENT), ObjectHeaders.ofType("image/jpeg"));
    }

    @AfterEach
    void close() {
        disk.close();
    }

    private static Source source() {
        AssetVersion.Original original =
                new AssetVersion.Original(KEY, "photo", MediaType.JPEG, CONTENT.length, null, null);
        return new Source.Original(
                new AssetVersion(ID, 1, Space.PRODUCT, original, Status.READY, null, null, List.of()),
                MediaType.JPEG,
                1,
                "nothing smaller");
    }

    private byte[] read() throws IOException, InterruptedException {
        try (Entry file = sources.open(source())) {
            return file.bytes();
        }
    }

    @Test
    void fetchesASourceOnceUntilItIsForgotten() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(read()).isEqualTo(CONTENT);
        }
        assertThat(store.opened()).isEqualTo(1);
        sources.forget(Set.of(ID.toString()));
        assertThat(disk.files()).isEmpty();
        assertThat(read()).isEqualTo(CONTENT);
        assertThat(store.opened()).isEqualTo(2);
    }

    @Test
    void keepsNothingThatIsForgottenWhileItIsFetched() throws Exception {
        CountDownLatch more = new CountDownLatch(1);
        store.through(bytes -> waiting(bytes, more));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<byte[]> reader = threads.submit(this::read);
            await().atMost(Duration.ofSeconds(20)).until(() -> store.opened() == 1);
            sources.forget(Set.of(ID.toString()));
            more.countDown();
            assertThat(reader.get()).isEqualTo(CONTENT);
        }
        assertThat(disk.files()).isEmpty();
    }

    @Test
    void keepsNothingThatIsForgottenWithAllElseWhileItIsFetched() throws Exception {
        CountDownLatch more = new CountDownLatch(1);
        store.through(bytes -> waiting(bytes, more));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<byte[]> reader = threads.submit(this::read);
            await().atMost(Duration.ofSeconds(20)).until(() -> store.opened() == 1);
            sources.forgetAll();
            store.through(bytes -> bytes);
            // Who comes afterwards gets what is kept.
            assertThat(read()).isEqualTo(CONTENT);
            more.countDown();
            assertThat(reader.get()).isEqualTo(CONTENT);
        }
        assertThat(read()).isEqualTo(CONTENT);
    }

    /// Bytes that come when they are let through.
    private static InputStream waiting(InputStream bytes, CountDownLatch more) {
        return new FilterInputStream(bytes) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                try {
                    more.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
                return super.read(buffer, offset, length);
            }
        };
    }
}
