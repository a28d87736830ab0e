package dev.safelight.deletion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.safelight.access.ApiKeys;
import dev.safelight.access.ApiKeys.IssuedKey;
import dev.safelight.access.Role;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import dev.safelight.asset.Variant;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.catalog.Deletions;
import dev.safelight.catalog.RemovalLock;
import dev.safelight.job.JobQueue;
import dev.safelight.job.JobRun;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.StoredObject;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.StoredOriginal;
import dev.safelight.testing.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// Assets that are deleted, restored and purged, on a whole server.
class DeletionTest {
    private final TestServer server = TestServer.shared();
    private final IssuedKey owner = server.bean(ApiKeys.class).create("owner", Set.of(Role.UPLOADER));
    private final Catalog catalog = server.bean(Catalog.class);
    private final Deletions deletions = server.bean(Deletions.class);
    private final ObjectStore worker = server.bean("workerStore", ObjectStore.class);
    private final String sku = UUID.randomUUID().toString();

    private CatalogEntry asset() throws Exception {
        return StoredOriginal.jpeg(server, Pictures.jpeg(200, 150))
                .asFirst(Space.PRODUCT, owner.id(), Map.of("sku", sku, "role", "main"));
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        return TestServer.send(server.request(path).method(method, HttpRequest.BodyPublishers.noBody()));
    }

    private void delete(AssetId id) throws Exception {
        assertThat(send("DELETE", "/v1/assets/" + id).statusCode()).isEqualTo(204);
    }

    private int restore(AssetId id) throws Exception {
        return send("POST", "/v1/assets/" + id + "/restore").statusCode();
    }

    private static String path(Variant variant) {
        return "/media/" + variant.key().key().substring("processed/".length());
    }

    private int status(String path) throws Exception {
        return TestServer.send(HttpRequest.newBuilder(server.url(path)).GET()).statusCode();
    }

    /// All addresses under which something of the asset is delivered.
    private List<String> addresses(CatalogEntry entry) {
        AssetId id = entry.version().id();
        return Stream.concat(
                        Stream.of("/images/" + id + "?width=160", "/skus/" + sku + "/main?width=160"),
                        entry.version().variants().stream().map(DeletionTest::path))
                .toList();
    }

    private JsonNode shown(AssetId id) throws Exception {
        HttpResponse<String> answer = server.get("/v1/assets/" + id);
        assertThat(answer.statusCode()).isEqualTo(200);
        return TestServer.json(answer);
    }

    private List<BlobKey> stored(AssetVersion version) throws Exception {
        List<BlobKey> keys = new ArrayList<>();
        for (String prefix : List.of("processed/image/" + version.id() + "/", "derived/" + version.id() + "/")) {
            worker.list(
                    version.variants().getFirst().key().bucket(),
                    prefix,
                    page -> page.stream().map(StoredObject::key).forEach(keys::add));
        }
        return keys;
    }

    private PurgeDeleted purgeAfter(Duration retention, DeletionSettings.Originals originals, EmptyAsset empty) {
        return new PurgeDeleted(
                deletions,
                empty,
                new DeletionSettings(retention, originals, Duration.ofMinutes(1)),
                server.bean(JobQueue.class),
                InstantSource.system());
    }

    private void purge(DeletionSettings.Originals originals) throws Exception {
        purgeAfter(Duration.ZERO, originals, server.bean(EmptyAsset.class)).run();
    }

    @Test
    void nothingIsDeliveredFromTheAnswerOnAndAllIsOnceRestored() throws Exception {
        CatalogEntry entry = asset();
        AssetId id = entry.version().id();
        List<String> addresses = addresses(entry);
        assertThat(status("/images/" + id + "?width=160")).isEqualTo(200);
        List<String> before = new ArrayList<>();
        for (String address : addresses) {
            if (status(address) == 200) {
                before.add(address);
            }
        }
        assertThat(before).hasSizeGreaterThan(3).contains("/skus/" + sku + "/main?width=160");

        delete(id);
        delete(id);

        for (String address : addresses) {
            assertThat(status(address)).as(address).isEqualTo(404);
        }
        assertThat(shown(id).path("deletedAt").asString()).isNotEmpty();
        assertThat(shown(id).at("/variants/0/url").isMissingNode()).isTrue();
        assertThat(server.get("/v1/assets?limit=200").body()).doesNotContain(id.toString());
        assertThat(server.get("/v1/assets/" + id + "/srcset").body()).contains("this asset is deleted.");
        assertThat(server.get("/v1/assets?limit=200&deleted=true").body()).contains(id.toString());
        assertThat(server.get("/v1/assets?deleted=maybe").statusCode()).isEqualTo(400);
        String next =
                "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":10,\"assetId\":\"%s\"}".formatted(id);
        HttpResponse<String> refused = server.post("/v1/uploads", next);
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("restore it first");

        assertThat(restore(id)).isEqualTo(204);
        assertThat(restore(id)).isEqualTo(204);
        for (String address : before) {
            assertThat(status(address)).as(address).isEqualTo(200);
        }
        assertThat(shown(id).has("deletedAt")).isFalse();
    }

    @Test
    void onlyThoseWhoMayChangeAnAssetDeleteIt() throws Exception {
        AssetId id = asset().version().id();
        IssuedKey other = server.bean(ApiKeys.class).create("other", Set.of(Role.UPLOADER));
        IssuedKey viewer = server.bean(ApiKeys.class).create("viewer", Set.of(Role.VIEWER, Role.UPLOADER));
        for (IssuedKey key : List.of(other, viewer)) {
            HttpRequest.Builder request = HttpRequest.newBuilder(server.url("/v1/assets/" + id))
                    .header("Authorization", "Bearer " + key.token())
                    .DELETE();
            assertThat(TestServer.send(request).statusCode()).isIn(403, 404);
        }
        assertThat(shown(id).has("deletedAt")).isFalse();
    }

    @Test
    void noReadThatBeginsAfterTheAnswerShowsTheContent() throws Exception {
        for (int round = 0; round < 5; round++) {
            CatalogEntry entry = asset();
            String path = path(entry.version().variants().getFirst());
            assertThat(status(path)).isEqualTo(200);
            AtomicBoolean deleted = new AtomicBoolean();
            AtomicBoolean leaked = new AtomicBoolean();
            List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                readers.add(Thread.startVirtualThread(() -> {
                    int afterwards = 0;
                    while (afterwards < 5) {
                        boolean isAfter = deleted.get();
                        try {
                            if (isAfter && status(path) == 200) {
                                leaked.set(true);
                            } else if (!isAfter) {
                                status(path);
                            }
                        } catch (Exception failed) {
                            leaked.set(true);
                        }
                        afterwards += isAfter ? 1 : 0;
                    }
                }));
            }
            delete(entry.version().id());
            deleted.set(true);
            for (Thread reader : readers) {
                reader.join();
            }
            assertThat(leaked).isFalse();
        }
    }

    @Test
    void purgesWhatTheStoreHasAndKeepsOriginalAndTombstone() throws Exception {
        CatalogEntry entry = asset();
        AssetVersion version = entry.version();
        BlobKey derived =
                new BlobKey(version.variants().getFirst().key().bucket(), "derived/" + version.id() + "/v1/a.jpg");
        worker.put(derived, new Content.Bytes(new byte[] {1}), ObjectHeaders.ofType("image/jpeg"));
        assertThat(stored(version)).contains(derived).hasSizeGreaterThan(2);
        delete(version.id());

        purgeAfter(Duration.ofDays(1), DeletionSettings.Originals.KEEP, server.bean(EmptyAsset.class))
                .run();
        assertThat(stored(version)).as("within its retention").contains(derived);
        assertThat(restore(version.id())).isEqualTo(204);
        delete(version.id());
        purge(DeletionSettings.Originals.KEEP);

        assertThat(stored(version)).isEmpty();
        assertThat(worker.head(version.original().key())).isPresent();
        JsonNode tombstone = shown(version.id());
        assertThat(tombstone.path("purgedAt").asString()).isNotEmpty();
        assertThat(tombstone.path("variants")).isEmpty();
        assertThat(tombstone.path("fileName").asString()).isEqualTo("a.jpg");
        assertThat(restore(version.id())).isEqualTo(409);
        purge(DeletionSettings.Originals.KEEP);

        // What was on its way to the store all the while.
        worker.put(derived, new Content.Bytes(new byte[] {1}), ObjectHeaders.ofType("image/jpeg"));
        assertThat(server.bean(JdbcClient.class)
                        .sql("select task_instance from scheduled_tasks where task_name = 'remove-remains'"
                                + " and task_instance like :id || '%'")
                        .param("id", version.id().toString())
                        .query(String.class)
                        .list())
                .containsExactly(version.id().toString());
        server.bean(RemoveRemains.class).run(new JobRun(version.id().toString(), false));
        assertThat(stored(version)).isEmpty();
    }

    @Test
    void purgesAgainWhatAKilledPurgeLeft() throws Exception {
        AssetVersion version = asset().version();
        delete(version.id());
        // As if the process had died after some objects were removed, and before the rest and the rows.
        assertThat(deletions.purge(Instant.now().plusSeconds(1), 1000)).isPositive();
        worker.delete(version.variants().getFirst().object());

        assertThat(restore(version.id())).as("decided").isEqualTo(409);
        purge(DeletionSettings.Originals.KEEP);

        assertThat(stored(version)).isEmpty();
        assertThat(catalog.find(version.id(), 1).orElseThrow().version().derivatives())
                .isEmpty();
    }

    @Test
    void removesByPolicyTheOriginalThatNobodyElseNeeds() throws Exception {
        StoredOriginal original = StoredOriginal.jpeg(server, Pictures.jpeg(90, 60));
        AssetVersion first =
                original.asFirst(Space.PRODUCT, owner.id(), Map.of()).version();
        AssetVersion second =
                original.asFirst(Space.PRODUCT, owner.id(), Map.of()).version();
        delete(first.id());
        purge(DeletionSettings.Originals.REMOVE);
        assertThat(worker.head(first.original().key()))
                .as("the other one is live")
                .isPresent();

        delete(second.id());
        purge(DeletionSettings.Originals.REMOVE);
        assertThat(worker.head(first.original().key())).isEmpty();
    }

    @Test
    void doesNotShareAnOriginalThatIsAboutToGo() throws Exception {
        StoredOriginal original = StoredOriginal.jpeg(server, Pictures.jpeg(91, 60));
        AssetVersion first =
                original.asFirst(Space.PRODUCT, owner.id(), Map.of()).version();
        delete(first.id());
        purge(DeletionSettings.Originals.KEEP);

        assertThatThrownBy(() -> original.asFirst(Space.PRODUCT, owner.id(), Map.of()))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.CONFLICT));
    }

    @Test
    void whatAWorkerPublishesTooLateIsNotTaken() throws Exception {
        AssetVersion version = asset().version();
        delete(version.id());
        assertThat(deletions.purge(Instant.now().plusSeconds(1), 1000)).isPositive();

        catalog.publish(version.withStatus(Status.PROCESSING, null));
        Set<BlobKey> known = Set.of();
        assertThat(deletions.emptied(version.id(), known))
                .as("has objects that were not removed")
                .isFalse();
        purge(DeletionSettings.Originals.KEEP);
        catalog.publish(version);

        CatalogEntry end = catalog.find(version.id(), 1).orElseThrow();
        assertThat(end.version().variants()).isEmpty();
        assertThat(end.isDeliverable()).isFalse();
    }

    @Test
    void jobsOfADeletedAssetStopAndGoOnOnceItIsRestored() throws Exception {
        AssetVersion first = asset().version();
        StoredOriginal next = StoredOriginal.jpeg(server, Pictures.jpeg(210, 150));
        AssetVersion second = catalog.addVersion(first.id(), next.original());
        delete(first.id());
        catalog.received(
                second.id(),
                second.version(),
                String.valueOf(next.original().etag()),
                next.original().bytes());
        await().until(() ->
                server.bean(JobQueue.class).state(Catalog.PROCESSING_JOB, first.id() + "/v2") == JobQueue.State.NONE);
        assertThat(catalog.find(first.id(), 2).orElseThrow().version().status()).isEqualTo(Status.PROCESSING);

        assertThat(restore(first.id())).isEqualTo(204);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> catalog.find(first.id(), 2).orElseThrow().version().status() == Status.READY);
    }

    @Test
    void refusesToStartWhenOriginalsAreToGoAndNobodyMay() {
        ObjectProvider<ObjectStore> nobody = new StaticListableBeanFactory().getBeanProvider(ObjectStore.class);
        DeletionSettings settings =
                new DeletionSettings(Duration.ZERO, DeletionSettings.Originals.REMOVE, Duration.ofMinutes(1));
        assertThatThrownBy(() -> new Removal(worker, nobody, server.bean(RemovalLock.class), settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("safelight.s3.keys.admin");
    }

    @Test
    void noVariantIsLeftOfAnyOfTheVersions() throws Exception {
        AssetVersion version = asset().version();
        StoredOriginal.jpeg(server, Pictures.jpeg(220, 150)).asNextOf(version.id());
        delete(version.id());
        purge(DeletionSettings.Originals.KEEP);

        assertThat(catalog.versions(version.id(), null, 10))
                .hasSize(2)
                .allSatisfy(entry -> assertThat(entry.version().derivatives()).isEmpty());
        assertThat(stored(version)).isEmpty();
        assertThat(version.variants()).extracting(Variant::name).isNotEmpty();
    }
}
