package dev.safelight.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every [ObjectStore] does, whoever is behind it.
public abstract class ObjectStoreContract {
    private static final ObjectHeaders JPEG = new ObjectHeaders("image/jpeg", "public, max-age=60");

    private final String prefix = "contract/" + UUID.randomUUID() + "/";

    /// A store whose identity has all rights in [Bucket#PROCESSED].
    protected abstract ObjectStore store();

    private BlobKey key(String name) {
        return new BlobKey(Bucket.PROCESSED, prefix + name);
    }

    private static Content text(String text) {
        return new Content.Bytes(text.getBytes(UTF_8));
    }

    private @Nullable String read(BlobKey key, @Nullable ByteRange range, @Nullable String etag) throws IOException {
        var found = store().open(key, range, etag);
        if (found.isEmpty()) {
            return null;
        }
        try (OpenObject object = found.get()) {
            return new String(object.stream().readAllBytes(), UTF_8);
        }
    }

    @Test
    void givesBackWhatWasPut() throws IOException {
        StoredObject put = store().put(key("a.jpg"), text("hello"), JPEG);

        assertThat(put.bytes()).isEqualTo(5);
        assertThat(put.etag()).isNotEmpty().doesNotContain("\"");
        assertThat(read(key("a.jpg"), null, null)).isEqualTo("hello");
        StoredObject head = store().head(key("a.jpg")).orElseThrow();
        assertThat(head.etag()).isEqualTo(put.etag());
        assertThat(head.bytes()).isEqualTo(5);
        assertThat(head.contentType()).isEqualTo("image/jpeg");
        assertThat(head.lastModified()).isNotNull();
    }

    @Test
    void knowsNothingOfWhatWasNotPut() throws IOException {
        assertThat(store().head(key("missing"))).isEmpty();
        assertThat(store().open(key("missing"), null, null)).isEmpty();
        store().delete(key("missing"));
    }

    @Test
    void replacesAnObjectAsAWhole() throws IOException {
        store().put(key("a"), text("a rather long text"), JPEG);
        store().put(key("a"), text("short"), ObjectHeaders.ofType("text/plain"));

        assertThat(read(key("a"), null, null)).isEqualTo("short");
        assertThat(store().head(key("a")).orElseThrow().contentType()).isEqualTo("text/plain");
    }

    @Test
    void storesAnEmptyObject() throws IOException {
        store().put(key("empty"), text(""), JPEG);

        assertThat(read(key("empty"), null, null)).isEmpty();
        assertThat(store().head(key("empty")).orElseThrow().bytes()).isZero();
    }

    @Test
    void storesAFileOfManyChunks(@TempDir Path folder) throws IOException {
        byte[] bytes = new byte[9_000_001];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(folder.resolve("large"), bytes);

        StoredObject put = store().put(key("large"), new Content.File(file), JPEG);

        assertThat(put.bytes()).isEqualTo(bytes.length);
        try (OpenObject object = store().open(key("large"), null, null).orElseThrow()) {
            assertThat(object.stream().readAllBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void readsARangeAndKnowsTheWhole() throws IOException {
        store().put(key("digits"), text("0123456789"), JPEG);

        assertThat(read(key("digits"), new ByteRange(2, 4), null)).isEqualTo("234");
        assertThat(read(key("digits"), new ByteRange(9, 9), null)).isEqualTo("9");
        try (OpenObject part =
                store().open(key("digits"), new ByteRange(0, 1), null).orElseThrow()) {
            assertThat(part.stored().bytes()).isEqualTo(10);
        }
    }

    @Test
    void refusesARangeOutsideOfTheObject() throws IOException {
        store().put(key("digits"), text("0123456789"), JPEG);

        assertThatThrownBy(() -> store().open(key("digits"), new ByteRange(10, 12), null))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("open")
                .hasMessageContaining(key("digits").toString());
    }

    @Test
    void opensOnlyTheVersionAskedFor() throws IOException {
        String etag = store().put(key("v"), text("one"), JPEG).etag();
        assertThat(read(key("v"), null, etag)).isEqualTo("one");

        store().put(key("v"), text("two"), JPEG);

        assertThat(read(key("v"), null, etag)).isNull();
        assertThat(read(key("v"), new ByteRange(0, 1), etag)).isNull();
    }

    @Test
    void deletesAnObjectAndNotItsNeighbours() throws IOException {
        store().put(key("x/1"), text("1"), JPEG);
        store().put(key("x/2"), text("2"), JPEG);

        store().delete(key("x/1"));

        assertThat(store().head(key("x/1"))).isEmpty();
        assertThat(store().head(key("x/2"))).isPresent();
    }

    @Test
    void listsWhatStartsWithThePrefix() throws IOException {
        for (String name : List.of("list/a", "list/b/c", "list/b/d", "other")) {
            store().put(key(name), text(name), JPEG);
        }
        List<StoredObject> listed = new ArrayList<>();
        store().list(Bucket.PROCESSED, prefix + "list/", listed::addAll);

        assertThat(listed)
                .extracting(StoredObject::key)
                .containsExactlyInAnyOrder(key("list/a"), key("list/b/c"), key("list/b/d"));
        assertThat(listed).allSatisfy(object -> {
            assertThat(object.etag()).isNotEmpty().doesNotContain("\"");
            assertThat(object.bytes()).isPositive();
        });
    }

    @Test
    void keepsKeysOfTheWholeAlphabetApart() throws IOException {
        for (String name : List.of("A", "a", "a.b", "a-b", "a_b", "...", "0")) {
            store().put(key("alphabet/" + name), text(name), JPEG);
        }
        for (String name : List.of("A", "a", "a.b", "a-b", "a_b", "...", "0")) {
            assertThat(read(key("alphabet/" + name), null, null)).isEqualTo(name);
        }
    }
}
