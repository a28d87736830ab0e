package dev.safelight.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.ContentLimits;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import dev.safelight.asset.VersionId;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.store.DirectUpload;
import dev.safelight.store.ObjectStore;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Bytes that lie in the store of a [TestServer] without an upload in the ledger, and versions that are
/// made of them.
public record StoredOriginal(TestServer server, AssetVersion.Original original) {
    private static final Duration PROCESSING = Duration.ofSeconds(30);

    public static StoredOriginal jpeg(TestServer server, byte[] jpeg) throws Exception {
        BlobKey key = new BlobKey(Bucket.RAW, "raw/2026/01/" + UUID.randomUUID() + "/a.jpg");
        var grant = server.bean(DirectUpload.class)
                .post(key, "image/jpeg", jpeg.length, jpeg.length, Instant.now().plusSeconds(60));
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(Form.of(grant, jpeg).send(http).statusCode()).isEqualTo(201);
        }
        String etag = server.bean("workerStore", ObjectStore.class)
                .head(key)
                .orElseThrow()
                .etag();
        return new StoredOriginal(
                server, new AssetVersion.Original(key, "a.jpg", MediaType.JPEG, jpeg.length, etag, null));
    }

    public StoredOriginal within(ContentLimits limits) {
        return new StoredOriginal(
                server,
                new AssetVersion.Original(
                        original.key(),
                        original.fileName(),
                        original.declaredType(),
                        original.bytes(),
                        original.etag(),
                        original.sha256(),
                        limits));
    }

    /// Makes a new asset of it and waits for its end.
    public CatalogEntry asFirst(Space space, UUID owner, Map<String, String> metadata) {
        AssetVersion first = new AssetVersion(
                AssetId.create(Instant.now()), 1, space, original, Status.PENDING, null, null, List.of());
        catalog().addShared(first, owner, metadata);
        return awaitEnd(first);
    }

    /// Makes the next version of an asset of it and waits for its end.
    public CatalogEntry asNextOf(AssetId asset) {
        return awaitEnd(catalog().addSharedVersion(asset, original));
    }

    private CatalogEntry awaitEnd(AssetVersion version) {
        VersionId id = new VersionId(version.id(), version.version());
        return await("the end of " + id)
                .atMost(PROCESSING)
                .until(
                        () -> catalog().find(id.asset(), id.version()).orElseThrow(),
                        entry -> entry.version().status().isFinal());
    }

    private Catalog catalog() {
        return server.bean(Catalog.class);
    }
}
