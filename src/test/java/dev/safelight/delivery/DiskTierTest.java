package dev.safelight.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import dev.safelight.render.DiskCache;
import dev.safelight.store.ByteRange;
import dev.safelight.usage.Feature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTierTest {
    private static final AssetId ASSET = new AssetId(new UUID(0, 1));
    private static final BlobKey OBJECT = new BlobKey(Bucket.PROCESSED, "processed/a");
    private static final byte[] CONTENT = "0123456789".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder = Path.of("");

    private DiskTier tier;
    private final List<String> asked = new ArrayList<>();

    @BeforeEach
    void open() {
        tier = new DiskTier(DiskCache.open(folder.resolve("cache"), 1 << 20, 100), 1_000);
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

    @Test
    void keepsWhatIsAskedForAgain() throws Exception {
        for (int i = 0; i < 5; i++) {
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
        read("a", null);
        read("a", null);
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
        tier.open(ASSET, OBJECT, longer, null, this::origin).close();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> tier.open(ASSET, OBJECT, longer, null, this::origin))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("1 bytes early");
        }
    }

    @Test
    void forgetsAnAsset() throws Exception {
        read("a", null);
        read("a", null);
        asked.clear();
        tier.forget(Set.of(ASSET));
        read("a", null);
        assertThat(asked).isNotEmpty();
        read("a", null);
        asked.clear();
        tier.forgetAll();
        read("a", null);
        assertThat(asked).isNotEmpty();
    }

    @Test
    void fetchesOnceHoweverManyAsk() throws Exception {
        read("a", null);
        asked.clear();
        try (var readers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                all.add(readers.submit(() -> read("a", null)));
            }
            for (Future<String> reader : all) {
                assertThat(reader.get()).isEqualTo("0123456789");
            }
        }
        // Whoever comes between the end of a fetch and its being found begins another.
        assertThat(asked).hasSizeLessThan(5);
    }

    @Test
    void findsAgainWhatItKeptBeforeARestart() throws Exception {
        read("a", null);
        read("a", null);
        tier.close();
        open();
        asked.clear();
        assertThat(read("a", null)).isEqualTo("0123456789");
        assertThat(asked).isEmpty();
    }
}
