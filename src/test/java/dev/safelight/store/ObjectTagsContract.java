package dev.safelight.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What every store with [ObjectTags] does, whoever is behind it.
public abstract class ObjectTagsContract {
    private static final Map<String, String> PENDING = Map.of("status", "pending");
    private static final Map<String, String> APPROVED = Map.of("status", "approved");

    private final String prefix = "tags/" + UUID.randomUUID() + "/";

    /// A store whose identity has all rights in [Bucket#USER].
    protected abstract ObjectStore store();

    protected abstract ObjectTags tags();

    private BlobKey put(String name, int bytes, Map<String, String> tags) throws IOException {
        BlobKey key = new BlobKey(Bucket.USER, prefix + name);
        store().put(key, new Content.Bytes(new byte[bytes]), new ObjectHeaders("image/webp", "max-age=60", tags));
        return key;
    }

    @Test
    void storesAnObjectWithItsTags() throws IOException {
        // Small bodies are signed whole, large ones in chunks.
        for (int bytes : new int[] {0, 9, 200_000}) {
            BlobKey key = put("with-" + bytes, bytes, PENDING);

            assertThat(tags().tags(key)).as("%d bytes", bytes).hasValue(PENDING);
            assertThat(store().head(key).orElseThrow().bytes()).isEqualTo(bytes);
        }
        assertThat(tags().tags(put("without", 9, Map.of()))).hasValue(Map.of());
    }

    @Test
    void replacesAllTagsAndNothingElse() throws IOException {
        BlobKey key = put("replaced", 9, Map.of("status", "pending", "other", "x"));
        StoredObject before = store().head(key).orElseThrow();

        assertThat(tags().setTags(key, APPROVED)).isEqualTo(ObjectTags.Outcome.SET);

        assertThat(tags().tags(key)).hasValue(APPROVED);
        StoredObject after = store().head(key).orElseThrow();
        assertThat(after.etag()).isEqualTo(before.etag());
        assertThat(after.contentType()).isEqualTo("image/webp");
        assertThat(tags().setTags(key, Map.of())).isEqualTo(ObjectTags.Outcome.SET);
        assertThat(tags().tags(key)).hasValue(Map.of());
    }

    @Test
    void losesTheTagsOfAnObjectThatIsReplaced() throws IOException {
        BlobKey key = put("again", 9, APPROVED);

        put("again", 10, Map.of());
        assertThat(tags().tags(key)).hasValue(Map.of());
        put("again", 11, PENDING);
        assertThat(tags().tags(key)).hasValue(PENDING);
    }

    @Test
    void knowsNoTagsOfWhatIsNotThere() throws IOException {
        BlobKey key = new BlobKey(Bucket.USER, prefix + "missing");

        assertThat(tags().tags(key)).isEmpty();
        assertThat(tags().setTags(key, APPROVED)).isEqualTo(ObjectTags.Outcome.MISSING);
        assertThat(store().head(key)).isEmpty();
    }

    @Test
    void keepsEveryCharacterThatIsAllowed() throws IOException {
        Map<String, String> allowed = Map.of("a b+c", "= / @ . : _ - é 日本", "empty", "");
        BlobKey key = put("odd", 1, allowed);
        assertThat(tags().tags(key)).hasValue(allowed);

        BlobKey other = put("later", 1, Map.of());
        assertThat(tags().setTags(other, allowed)).isEqualTo(ObjectTags.Outcome.SET);
        assertThat(tags().tags(other)).hasValue(allowed);
    }
}
