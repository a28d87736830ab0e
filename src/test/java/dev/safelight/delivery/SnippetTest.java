package dev.safelight.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Facts;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Moderation;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import dev.safelight.asset.Variant;
import dev.safelight.catalog.CatalogEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnippetTest {
    private static final AssetId ID = new AssetId(UUID.fromString("0199d3a4-5b6c-7d8e-9f00-112233445566"));
    private static final String BASE = "/media/image/" + ID + "/v1/";
    private static final VariantUrls URLS = VariantUrls.below("");

    private static Variant variant(String name, MediaType format, int width, int height, long bytes) {
        BlobKey key = new BlobKey(
                Bucket.PROCESSED, "processed/image/%s/v1/%s-%dw.%s".formatted(ID, name, width, format.extension()));
        return new Variant(name, format, width, height, bytes, key, "e", "r");
    }

    private static CatalogEntry entry(Moderation moderation, int width, int height, Variant... variants) {
        var original = new AssetVersion.Original(
                new BlobKey(Bucket.RAW, "raw/a.jpg"), "a.jpg", MediaType.JPEG, 1_000, "e", null);
        var facts = new Facts.Image(MediaType.JPEG, width, height, 1, false, null, null, null, null);
        var version = new AssetVersion(ID, 1, Space.PRODUCT, original, Status.READY, null, facts, List.of(variants));
        return new CatalogEntry(version, UUID.randomUUID(), moderation, null, Map.of(), Instant.EPOCH, Instant.EPOCH);
    }

    @Test
    void leavesOutWhatIsCutAndWhatHasTheSameWidth() {
        Snippet snippet = Snippet.of(
                        entry(
                                Moderation.APPROVED,
                                1000,
                                1000,
                                variant("thumb", MediaType.JPEG, 150, 150, 1),
                                variant("wide", MediaType.JPEG, 900, 300, 1),
                                variant("large", MediaType.JPEG, 800, 800, 70),
                                variant("w800", MediaType.JPEG, 800, 800, 60),
                                variant("small", MediaType.JPEG, 240, 240, 9)),
                        URLS,
                        "",
                        Sizes.DEFAULT)
                .orElseThrow();
        assertThat(snippet.sources()).isEmpty();
        assertThat(snippet.img().srcset()).isEqualTo(BASE + "small-240w.jpg 240w, " + BASE + "w800-800w.jpg 800w");
        assertThat(snippet.html()).startsWith("<img src=").contains("alt=\"\"");
    }

    @Test
    void acceptsTheRoundingOfAPortrait() {
        Snippet snippet = Snippet.of(
                        entry(
                                Moderation.APPROVED,
                                3001,
                                4567,
                                variant("small", MediaType.PNG, 158, 240, 1),
                                variant("medium", MediaType.PNG, 394, 600, 1),
                                variant("full", MediaType.WEBP, 3001, 4567, 1),
                                variant("full", MediaType.AVIF, 3001, 4567, 1)),
                        URLS,
                        "",
                        Sizes.DEFAULT)
                .orElseThrow();
        assertThat(snippet.sources())
                .containsExactly(
                        new Snippet.Source("image/avif", BASE + "full-3001w.avif 3001w"),
                        new Snippet.Source("image/webp", BASE + "full-3001w.webp 3001w"));
        assertThat(snippet.img().src()).isEqualTo(BASE + "medium-394w.png");
    }

    @Test
    void thePlaceholderShowsBehindOpaquePicturesOnly() {
        Variant variant = variant("small", MediaType.PNG, 240, 240, 9);
        Snippet opaque =
                Snippet.of(coloured(false, variant), URLS, "", Sizes.DEFAULT).orElseThrow();
        assertThat(opaque.html())
                .contains(
                        "style=\"max-width:100%;height:auto;background-color:#102030;background-image:url(data:image/png;base64,")
                .endsWith(");background-size:cover\">")
                .hasSizeLessThan(4_096);
        Snippet transparent =
                Snippet.of(coloured(true, variant), URLS, "", Sizes.DEFAULT).orElseThrow();
        assertThat(transparent.placeholder()).isNotNull();
        assertThat(transparent.html()).endsWith("style=\"max-width:100%;height:auto\">");
    }

    private static CatalogEntry coloured(boolean hasAlpha, Variant variant) {
        CatalogEntry plain = entry(Moderation.APPROVED, 1000, 1000, variant);
        var facts = new Facts.Image(
                MediaType.PNG, 1000, 1000, 1, hasAlpha, "#102030", "1QcSHQRnh493V4dIh4eXh1h4kJUI", null, null);
        return new CatalogEntry(
                plain.version().withFacts(facts),
                plain.owner(),
                plain.moderation(),
                null,
                Map.of(),
                Instant.EPOCH,
                Instant.EPOCH);
    }

    @Test
    void thereIsNoneForWhatMayNotBeDelivered() {
        Variant variant = variant("small", MediaType.JPEG, 240, 240, 9);
        for (Moderation moderation : List.of(Moderation.PENDING, Moderation.REJECTED)) {
            CatalogEntry entry = entry(moderation, 1000, 1000, variant);
            assertThat(Snippet.of(entry, URLS, "", Sizes.DEFAULT)).isEmpty();
            assertThat(URLS.issue(entry, variant)).isEmpty();
        }
        assertThat(Snippet.of(entry(Moderation.APPROVED, 1000, 1000), URLS, "", Sizes.DEFAULT))
                .isEmpty();
    }

    @Test
    void urlsAreBelowThePublicUrl() {
        Variant variant = variant("small", MediaType.JPEG, 240, 240, 9);
        assertThat(VariantUrls.below("https://cdn.example.com/shop//")
                        .issue(entry(Moderation.APPROVED, 9, 9, variant), variant))
                .contains("https://cdn.example.com/shop" + BASE + "small-240w.jpg");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"cdn.example.com", "ftp://x", "https://", "https://x?y", "https://x#y", "/media", "http://a b"})
    void refusesPublicUrlsThatAreNone(String url) {
        assertThatThrownBy(() -> VariantUrls.below(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("safelight.public-url");
    }

    @Test
    void sizesAreWhatTheAttributeTakes() {
        assertThat(List.of("100vw", "(max-width: 600px) 100vw, calc(50vw - 2rem)", "auto, 10px"))
                .allMatch(Sizes::isValid);
        assertThat(List.of("", " ", "\"", "<b>", "a;b", "x".repeat(251), "1\n2"))
                .noneMatch(Sizes::isValid);
    }
}
