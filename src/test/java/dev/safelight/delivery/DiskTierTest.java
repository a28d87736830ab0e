package dev.safelight.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import dev.safelight.render.DiskCache;
import dev.safelight.store.ByteRange;
import dev.safelight.usage.Feature;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskTierTest {
    private static final AssetId ASSET = new AssetId(new UUID(0, 1));
    private static final BlobKey OBJECT = new BlobKey(Bucket.PROCESSED, "processed/a");
    private static final byte[] CONTENT = "0123456789".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder = Path.of("");

    private DiskCache cache;
    private DiskTier tier;
    private final List<String> asked = new ArrayList<>();

    @BeforeEach
    void open() {
        cache = DiskCache.open(folder.resolve("cache"), 1 << 20, 100);
        tier = new DiskTier(cache, 1_000);
    }

    @AfterEach
    void close() {
        tier.close();
    }

    private static Representation content(String etag, long bytes) {
        return new Representation(
                MediaType.JPEG,
                bytes,
                '"' + etag + '"',
                null,
                new Permit.Everybody(),
                Map.of(),
                Space.PRODUCT,
                Feature.VARIANTS);
    }

    private synchronized InputStream origin(@Nullable ByteRange range) {
        asked.add(range == null ? "all" : range.first() + "-" + range.last());
        return new ByteArrayInputStream(
                range == null ? CONTENT : Arrays.copyOfRange(CONTENT, (int) range.first(), (int) range.last() + 1));
    }

    private String read(String etag, @Nullable ByteRange range) throws Exception {
        try (InputStream in = tier.open(ASSET, OBJECT, content(etag, CONTENT.length), range, this::origin)) {
            int length = range == null ? CONTENT.length : (int) range.length();
            return new String(in.readNBytes(length), StandardCharsets.US_ASCII);
        }
    }

    /// Reads twice, and waits until it is on the disk.
    private void keep(String etag) throws Exception {
        int before = cache.entries();
        read(etag, null);
        read(etag, null);
        await().atMost(Duration.ofSeconds(20)).until(() -> cache.entries() == before + 1);
    }

    @Test
    void keepsWhatIsAskedForAgain() throws Exception {
        keep("a");
        for (int i = 0; i < 3; i++) {
            assertThat(read("a", null)).isEqualTo("0123456789");
        }
        assertThat(asked).containsExactly("all", "all");
        assertThat(read("a", new ByteRange(3, 5))).isEqualTo("345");
        assertThat(asked).hasSize(2);
    }

    @Test
    void passesRangesOfWhatItDoesNotHave() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(read("a", new ByteRange(2, 4))).isEqualTo("234");
        }
        assertThat(asked).containsExactly("2-4", "2-4", "2-4");
    }

    @Test
    void tellsTheContentsOfOneKeyApart() throws Exception {
        keep("a");
        asked.clear();
        read("b", null);
        assertThat(asked).containsExactly("all");
    }

    @Test
    void keepsNothingThatIsTooLarge() throws Exception {
        for (int i = 0; i < 3; i++) {
            tier.open(ASSET, OBJECT, content("a", 1_001), null, this::origin).close();
        }
        assertThat(asked).hasSize(3);
    }

    @Test
    void keepsNothingThatEndsEarly() throws Exception {
        Representation longer = content("a", CONTENT.length + 1);
        for (int i = 0; i < 5; i++) {
            try (InputStream in = tier.open(ASSET, OBJECT, longer, null, this::origin)) {
                assertThat(in.readAllBytes()).isEqualTo(CONTENT);
            }
            assertNothingIsKept();
        }
        assertThat(asked).hasSize(5);
    }

    @Test
    void keepsNothingThatAReaderGaveUp() throws Exception {
        read("a", null);
        try (InputStream in = tier.open(ASSET, OBJECT, content("a", CONTENT.length), null, this::origin)) {
            assertThat(in.read()).isEqualTo('0');
        }
        assertNothingIsKept();
        keepAtLast("a");
    }

    /// Whoever reads while another still seems to write is passed by.
    private void keepAtLast(String etag) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            read(etag, null);
            assertThat(cache.entries()).isEqualTo(1);
        });
    }

    private void assertNothingIsKept() {
        await().during(Duration.ofMillis(100)).atMost(Duration.ofSeconds(20)).until(() -> cache.entries() == 0);
    }

    /// A store that sends no more than one byte for now.
    private static InputStream slow(CountDownLatch more) {
        return new SequenceInputStream(
                new ByteArrayInputStream(CONTENT, 0, 1), new ByteArrayInputStream(CONTENT, 1, CONTENT.length - 1) {
                    @Override
                    public synchronized int read(byte[] buffer, int offset, int length) {
                        try {
                            more.await();
                        } catch (InterruptedException stopped) {
                            Thread.currentThread().interrupt();
                        }
                        return super.read(buffer, offset, length);
                    }
                });
    }

    @Test
    @Timeout(60)
    void nobodyWaitsForTheEndOfAFetch() throws Exception {
        read("a", null);
        CountDownLatch more = new CountDownLatch(1);
        try (InputStream in = tier.open(ASSET, OBJECT, content("a", CONTENT.length), null, range -> slow(more))) {
            assertThat(in.read()).isEqualTo('0');
            for (int i = 0; i < 3; i++) {
                assertThat(read("a", null)).isEqualTo("0123456789");
            }
            assertThat(asked).hasSize(4);
            more.countDown();
            assertThat(in.readNBytes(9)).isEqualTo(Arrays.copyOfRange(CONTENT, 1, 10));
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> cache.entries() == 1);
        asked.clear();
        assertThat(read("a", null)).isEqualTo("0123456789");
        assertThat(asked).isEmpty();
    }

    @Test
    void writesFewAtATimeAndLetsOthersPass() throws Exception {
        List<InputStream> open = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            read("x" + i, null);
            open.add(tier.open(ASSET, OBJECT, content("x" + i, CONTENT.length), null, this::origin));
        }
        asked.clear();
        for (int i = 0; i < 3; i++) {
            assertThat(read("a", null)).isEqualTo("0123456789");
        }
        assertThat(asked).hasSize(3);
        assertNothingIsKept();
        for (InputStream one : open) {
            one.close();
        }
        keepAtLast("a");
    }

    @Test
    @Timeout(60)
    void isNotHeldUpByReadersWhoAreSlow() throws Exception {
        DiskTier impatient = new DiskTier(cache, 1_000, Duration.ofMillis(200));
        List<InputStream> open = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            for (int again = 0; again < 2; again++) {
                open.add(impatient.open(ASSET, OBJECT, content("x" + i, CONTENT.length), null, this::origin));
            }
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            try (InputStream in = impatient.open(ASSET, OBJECT, content("a", CONTENT.length), null, this::origin)) {
                in.readNBytes(CONTENT.length);
            }
            return cache.entries() == 1;
        });
        for (InputStream one : open) {
            try (one) {
                assertThat(one.readNBytes(CONTENT.length)).isEqualTo(CONTENT);
            }
        }
        assertThat(cache.entries()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 16, 1 << 24})
    @Timeout(60)
    void readsTheStoreOnceAlsoWhereTheDiskHasNoRoom(int room) throws Exception {
        byte[] large = new byte[1 << 20];
        new Random(1).nextBytes(large);
        AtomicInteger reads = new AtomicInteger();
        DiskTier.Origin store = range -> {
            reads.incrementAndGet();
            return new ByteArrayInputStream(large);
        };
        try (DiskCache small = DiskCache.open(folder.resolve("small"), room, 10)) {
            DiskTier limited = new DiskTier(small, large.length);
            for (int i = 1; i <= 4; i++) {
                try (InputStream in = limited.open(ASSET, OBJECT, content("a", large.length), null, store)) {
                    assertThat(in.readNBytes(large.length)).isEqualTo(large);
                }
                if (room > large.length && i >= 2) {
                    await().atMost(Duration.ofSeconds(20)).until(() -> small.entries() == 1);
                }
            }
            assertThat(reads).hasValue(room > large.length ? 2 : 4);
            assertThat(small.entries()).isEqualTo(room > large.length ? 1 : 0);
        }
    }

    @Test
    void forgetsAnAsset() throws Exception {
        keep("a");
        asked.clear();
        tier.forget(Set.of(ASSET));
        read("a", null);
        assertThat(asked).isNotEmpty();
        await().atMost(Duration.ofSeconds(20)).until(() -> cache.entries() == 1);
        asked.clear();
        tier.forgetAll();
        read("a", null);
        assertThat(asked).isNotEmpty();
        await().atMost(Duration.ofSeconds(20)).until(() -> cache.entries() == 1);
    }

    @Test
    void keepsNothingThatIsForgottenWhileItIsWritten() throws Exception {
        read("a", null);
        try (InputStream in = tier.open(ASSET, OBJECT, content("a", CONTENT.length), null, this::origin)) {
            assertThat(in.read()).isEqualTo('0');
            tier.forget(Set.of(ASSET));
            assertThat(in.readAllBytes()).hasSize(9);
        }
        await().during(Duration.ofMillis(200)).atMost(Duration.ofSeconds(20)).until(() -> cache.entries() == 0);
    }

    @Test
    void findsAgainWhatItKeptBeforeARestart() throws Exception {
        keep("a");
        tier.close();
        open();
        asked.clear();
        assertThat(read("a", null)).isEqualTo("0123456789");
        assertThat(asked).isEmpty();
    }
}
