package dev.safelight.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.BlobKey;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class MediaPathTest {
    private static final String ASSET = "0199d3a4-5b6c-7d8e-9f00-112233445566";

    @Property(tries = 100)
    void pathsAndKeysAreOneToOne(@ForAll @IntRange(min = 1) int version) {
        String key =
                "processed/image/%s/v%d/medium-800w.webp".formatted(AssetId.create(Instant.now()), version % 999 + 1);
        assertThat(MediaPath.toKey(MediaPath.ofKey(key))).contains(key);
    }

    @Property
    void whateverPassesIsAKey(@ForAll String rest) {
        assertThat(MediaPath.toKey("/media/" + rest).stream()).allMatch(BlobKey::isValid);
        assertThat(MediaPath.toKey("/media/image/" + ASSET + "/v1/" + rest).stream())
                .allMatch(BlobKey::isValid);
    }

    @Example
    void nothingElseIsAPath() {
        for (String path : List.of(
                "/media/",
                "/media/image",
                "/media/raw/" + ASSET + "/v1/a.jpg",
                "/media/image/" + ASSET + "/v1/",
                "/media/image/" + ASSET + "/v1/..",
                "/media/image/" + ASSET + "/v1/../v2/a.jpg",
                "/media/image/" + ASSET + "/v1/%2e%2e",
                "/media/image/" + ASSET + "/v1/a%2fb",
                "/media/image/" + ASSET + "/v1/a.jpg;x=1",
                "/media/image/" + ASSET + "/v1/a.jpg/",
                "/media/image/" + ASSET + "/v1/.htaccess",
                "/media/image/" + ASSET + "/v0/a.jpg",
                "/media/image/" + ASSET + "/v01/a.jpg",
                "/media/image/" + ASSET.toUpperCase(Locale.ROOT) + "/v1/a.jpg",
                "/media//image/" + ASSET + "/v1/a.jpg",
                "/Media/image/" + ASSET + "/v1/a.jpg",
                "/media/image/" + ASSET + "/v1/a.jpg\n")) {
            assertThat(MediaPath.toKey(path)).as(path).isEmpty();
        }
    }
}
