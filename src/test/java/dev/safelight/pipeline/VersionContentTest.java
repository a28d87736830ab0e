package dev.safelight.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.access.ApiKeys;
import dev.safelight.access.Role;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.ContentLimits;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Moderation;
import dev.safelight.asset.Reason;
import dev.safelight.asset.Rejection;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.catalog.SameContent;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.StoredOriginal;
import dev.safelight.testing.TestServer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What the pipeline holds against the content of a version, and what it notes of it.
class VersionContentTest {
    // So that no other test has the same bytes.
    private static final AtomicInteger WIDTH = new AtomicInteger(211);

    private final TestServer server = TestServer.shared();
    private final Catalog catalog = server.bean(Catalog.class);
    private final UUID owner = key();
    private final byte[] jpeg = Pictures.jpeg(WIDTH.getAndIncrement(), 100);

    private UUID key() {
        return server.bean(ApiKeys.class).create("owner", Set.of(Role.UPLOADER)).id();
    }

    private CatalogEntry uploaded(Space space) throws Exception {
        return StoredOriginal.jpeg(server, jpeg).asFirst(space, owner, Map.of());
    }

    private List<CatalogEntry> same(Space space, UUID asking) throws Exception {
        return catalog.findSameContent(new SameContent(space, asking, sha256(), jpeg.length, MediaType.JPEG));
    }

    private String sha256() throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(jpeg));
    }

    @Test
    void notesTheHashThatNobodyPromisedAndWhenAWorkerBegan() throws Exception {
        CatalogEntry entry = uploaded(Space.PRODUCT);

        assertThat(entry.version().status()).isEqualTo(Status.READY);
        assertThat(entry.version().original().sha256()).isEqualTo(sha256());
        assertThat(entry.startedAt()).isBetween(entry.createdAt(), entry.endedAt());
    }

    @Test
    void refusesMorePixelsThanWereAgreedOn() throws Exception {
        CatalogEntry first = uploaded(Space.PRODUCT);
        AssetId asset = first.version().id();
        StoredOriginal large = StoredOriginal.jpeg(server, Pictures.jpeg(300, 200));

        CatalogEntry refused = large.within(new ContentLimits(59_999L, null)).asNextOf(asset);
        assertThat(refused.version().rejection())
                .isEqualTo(new Rejection(
                        Reason.TOO_LARGE, "The picture has 60000 pixels; this upload takes at most 59999."));
        assertThat(catalog.findCurrent(asset).orElseThrow().version().version()).isEqualTo(1);
        CatalogEntry taken = large.within(new ContentLimits(60_000L, null)).asNextOf(asset);

        assertThat(taken.version().status()).isEqualTo(Status.READY);
        assertThat(catalog.findCurrent(asset).orElseThrow().version().version()).isEqualTo(3);
    }

    @Test
    void findsContentThatIsThereAndSharesItsOriginal() throws Exception {
        CatalogEntry first = uploaded(Space.PRODUCT);
        UUID other = key();

        assertThat(same(Space.PRODUCT, other)).singleElement().satisfies(found -> {
            assertThat(found.version().id()).isEqualTo(first.version().id());
            CatalogEntry shared =
                    new StoredOriginal(server, found.version().original()).asFirst(Space.PRODUCT, other, Map.of());
            assertThat(shared.version().status()).isEqualTo(Status.READY);
            assertThat(shared.version().original()).isEqualTo(first.version().original());
            assertThat(shared.isDeliverable()).isTrue();
        });
        assertThat(same(Space.PRODUCT, other))
                .extracting(found -> found.version().id())
                .hasSize(2)
                .startsWith(first.version().id());
        assertThat(same(Space.MARKETING, other)).isEmpty();
    }

    @Test
    void findsNothingThatIsNotTheSameOrWasRejected() throws Exception {
        CatalogEntry entry = uploaded(Space.PRODUCT);
        SameContent wanted = new SameContent(Space.PRODUCT, owner, sha256(), jpeg.length, MediaType.JPEG);

        assertThat(catalog.findSameContent(wanted)).hasSize(1);
        assertThat(catalog.findSameContent(
                        new SameContent(Space.PRODUCT, owner, sha256(), jpeg.length + 1, MediaType.JPEG)))
                .isEmpty();
        assertThat(catalog.findSameContent(new SameContent(Space.PRODUCT, owner, sha256(), jpeg.length, MediaType.PNG)))
                .isEmpty();
        catalog.moderate(entry.version().id(), 1, Moderation.PENDING, null);
        assertThat(same(Space.PRODUCT, key())).isEmpty();
        assertThat(same(Space.PRODUCT, owner)).hasSize(1);
        catalog.moderate(entry.version().id(), 1, Moderation.REJECTED, null);
        assertThat(same(Space.PRODUCT, owner)).isEmpty();
    }

    @Test
    void findsPrivateContentForItsOwnerOnly() throws Exception {
        CatalogEntry entry = uploaded(Space.USER);
        catalog.moderate(entry.version().id(), 1, Moderation.APPROVED, null);

        assertThat(same(Space.USER, owner)).hasSize(1);
        assertThat(same(Space.USER, key())).isEmpty();
    }

    @Test
    void findsNothingByAPromiseThatWasNotKept() throws Exception {
        AssetVersion.Original stored =
                StoredOriginal.jpeg(server, Pictures.jpeg(90, 90)).original();
        AssetVersion.Original lie = new AssetVersion.Original(
                stored.key(), "a.jpg", MediaType.JPEG, stored.bytes(), stored.etag(), sha256());

        assertThat(new StoredOriginal(server, lie)
                        .asFirst(Space.PRODUCT, owner, Map.of())
                        .version()
                        .status())
                .isEqualTo(Status.REJECTED);
        assertThat(catalog.findSameContent(
                        new SameContent(Space.PRODUCT, owner, sha256(), stored.bytes(), MediaType.JPEG)))
                .isEmpty();
    }

    @Test
    void sharesNothingThatWasNotReceived() {
        AssetVersion.Original awaited = new AssetVersion.Original(
                new BlobKey(Bucket.RAW, "raw/2026/01/x/a.jpg"), "a.jpg", MediaType.JPEG, 1, null, null);

        assertThatThrownBy(() -> new StoredOriginal(server, awaited).asFirst(Space.PRODUCT, owner, Map.of()))
                .hasMessageContaining("received");
        assertThat(catalog.findByOriginal(awaited.key().key())).isEmpty();
    }
}
