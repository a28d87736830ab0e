package dev.safelight.orphan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.catalog.Catalog;
import dev.safelight.storage.BucketWalks;
import dev.safelight.catalog.RemovalLock;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.ObjectStore;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.TestServer;
import dev.safelight.testing.UploadedThroughForm;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// Objects that nothing knows, against a whole server with real buckets.
class OrphansTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final TestServer server = TestServer.shared();
    private final OrphanRepository orphans = server.bean(OrphanRepository.class);
    private final ObjectStore worker = server.bean("workerStore", ObjectStore.class);
    private final ObjectStore admin = server.bean("adminStore", ObjectStore.class);
    private final String name = UUID.randomUUID().toString();

    /// The server's own rounds have the present time, and wait for the next walk; those of tests come later.
    @BeforeEach
    void beginAnew() {
        server.bean(JdbcClient.class).sql("delete from bucket_walk").update();
    }

    @AfterEach
    void removeAll() throws IOException {
        for (Orphan orphan : orphans.page(null, null, null, 1000)) {
            admin.delete(orphan.key());
        }
        server.bean(JdbcClient.class).sql("delete from orphan").update();
    }

    private BlobKey stored(Bucket bucket, String key) throws IOException {
        BlobKey address = new BlobKey(bucket, key.replace("NAME", name));
        admin.put(address, new Content.Bytes(new byte[] {1, 2, 3}), ObjectHeaders.ofType("image/jpeg"));
        return address;
    }

    /// Looks through the buckets as somebody would who comes later.
    private void findAfter(Duration later, @Nullable Duration removeAfter) throws IOException {
        InstantSource clock = InstantSource.offset(InstantSource.system(), later);
        new FindOrphans(
                        orphans,
                        server.bean(BucketWalks.class),
                        worker,
                        server.bean(RemoveOrphans.class),
                        new OrphanSettings(DAY, DAY, removeAfter),
                        clock)
                .run();
    }

    private List<BlobKey> found() {
        return orphans.page(null, null, null, 1000).stream().map(Orphan::key).toList();
    }

    private HttpResponse<String> delete(String path) throws IOException, InterruptedException {
        return TestServer.send(server.request(path).DELETE());
    }

    @Test
    void reportsWhatNothingKnowsAndNothingElse() throws Exception {
        JsonNode upload = UploadedThroughForm.ready(server, Pictures.jpeg(700, 500));
        BlobKey raw = stored(Bucket.RAW, "raw/2026/01/NAME/a.jpg");
        BlobKey variant = stored(Bucket.PROCESSED, "processed/image/NAME/v1/small-320w.jpg");
        BlobKey foreign = stored(Bucket.USER, "NAME");
        stored(Bucket.PROCESSED, "derived/NAME/v1/ab.webp");

        findAfter(DAY.dividedBy(2), null);
        assertThat(found()).as("what is young may become known yet").isEmpty();
        findAfter(DAY.multipliedBy(2), null);

        assertThat(upload.path("status").asString()).isEqualTo("READY");
        assertThat(found()).containsExactlyInAnyOrder(raw, variant, foreign);
        admin.delete(new BlobKey(Bucket.PROCESSED, "derived/" + name + "/v1/ab.webp"));
    }

    @Test
    void forgetsWhatIsGoneOrKnownAndKeepsWhenItWasFound() throws Exception {
        BlobKey gone = stored(Bucket.USER, "NAME/gone");
        BlobKey stays = stored(Bucket.USER, "NAME/stays");
        BlobKey changes = stored(Bucket.USER, "NAME/changes");
        findAfter(DAY.multipliedBy(2), null);
        Instant first = orphans.find(stays).orElseThrow().foundAt();

        worker.delete(gone);
        worker.put(changes, new Content.Bytes(new byte[] {9}), ObjectHeaders.ofType("image/jpeg"));
        findAfter(DAY.multipliedBy(3), null);

        assertThat(found()).containsExactlyInAnyOrder(stays, changes);
        assertThat(orphans.find(stays).orElseThrow().foundAt()).isEqualTo(first);
        assertThat(orphans.find(stays).orElseThrow().seenAt()).isAfter(first);
        assertThat(orphans.find(changes).orElseThrow().foundAt())
                .as("another object under the same key")
                .isAfter(first);
    }

    @Test
    void keepsItsReportWhenTheStoreFailsHalfwayAndWalksThroughTheOtherBuckets() throws Exception {
        BlobKey orphan = stored(Bucket.USER, "processed/image/NAME/v1/a.jpg");
        BlobKey before = stored(Bucket.PROCESSED, "processed/image/NAME/v1/a.jpg");
        BlobKey after = stored(Bucket.MARKETING, "processed/image/NAME/v1/a.jpg");
        findAfter(DAY.multipliedBy(2), null);
        FindOrphans failing = new FindOrphans(
                orphans,
                server.bean(BucketWalks.class),
                new FailingList(worker, Bucket.USER),
                server.bean(RemoveOrphans.class),
                new OrphanSettings(DAY, DAY, DAY),
                InstantSource.offset(InstantSource.system(), DAY.multipliedBy(9)));

        assertThatThrownBy(failing::run).isInstanceOf(IOException.class);

        assertThat(found()).contains(orphan);
        assertThat(worker.head(orphan)).isPresent();
        assertThat(worker.head(before)).isEmpty();
        assertThat(worker.head(after)).isEmpty();
    }

    @Test
    void removesByRuleTheOthersWhenTheStoreDoesNotLetGoOfOne() throws Exception {
        BlobKey stuck = stored(Bucket.PROCESSED, "processed/image/NAME/v1/a.jpg");
        BlobKey next = stored(Bucket.PROCESSED, "processed/image/NAME/v1/b.jpg");
        findAfter(DAY.multipliedBy(2), null);
        RemoveOrphans removal = new RemoveOrphans(
                orphans,
                server.bean(Catalog.class),
                server.bean(RemovalLock.class),
                new StuckDelete(worker, stuck),
                new StaticListableBeanFactory().getBeanProvider(ObjectStore.class));

        assertThatThrownBy(() -> removal.removeFoundBefore(
                        Bucket.PROCESSED, Instant.now().plus(DAY.multipliedBy(3))))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("1 orphans of processed");

        assertThat(worker.head(next)).isEmpty();
        assertThat(found()).containsExactly(stuck);
    }

    @Test
    void leavesByRuleWhatOthersKeepInTheBuckets() throws Exception {
        List<BlobKey> foreign = List.of(
                stored(Bucket.USER, "NAME"),
                stored(Bucket.MARKETING, "NAME/logo.png"),
                stored(Bucket.PROCESSED, "processed/image/NAME/original.jpg"),
                stored(Bucket.PROCESSED, "backup/processed/image/NAME/v1/small-320w.jpg"));

        findAfter(DAY.multipliedBy(2), DAY);
        findAfter(DAY.multipliedBy(30), DAY);

        assertThat(found()).containsExactlyInAnyOrderElementsOf(foreign);
        for (BlobKey key : foreign) {
            assertThat(worker.head(key)).isPresent();
            assertThat(delete("/v1/orphans/" + key.bucket().text() + "/" + key.key())
                            .statusCode())
                    .as("by hand")
                    .isEqualTo(204);
        }
    }

    @Test
    void removesByRuleWhatWasReportedForLongButNeverAnOriginal() throws Exception {
        BlobKey raw = stored(Bucket.RAW, "raw/2026/01/NAME/a.jpg");
        BlobKey variant = stored(Bucket.PROCESSED, "processed/image/NAME/v1/small-320w.jpg");
        Duration week = Duration.ofDays(7);

        findAfter(DAY.multipliedBy(2), week);
        findAfter(DAY.multipliedBy(8), week);
        assertThat(worker.head(variant)).as("reported for six days").isPresent();
        findAfter(DAY.multipliedBy(10), week);

        assertThat(worker.head(variant)).isEmpty();
        assertThat(worker.head(raw)).isPresent();
        assertThat(found()).containsExactly(raw);
        assertThatThrownBy(() -> server.bean(RemoveOrphans.class).removeFoundBefore(Bucket.RAW, Instant.MAX))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void spareWhatBecameKnownOrChangedSinceItWasReported() throws Exception {
        JsonNode upload = UploadedThroughForm.ready(server, Pictures.jpeg(640, 400));
        BlobKey known = server.bean(Catalog.class)
                .findCurrent(AssetId.parse(upload.path("assetId").asString()).orElseThrow())
                .orElseThrow()
                .version()
                .derivatives()
                .getFirst()
                .object();
        orphans.note(List.of(worker.head(known).orElseThrow()), Instant.now().minus(DAY.multipliedBy(30)));
        BlobKey changed = stored(Bucket.PROCESSED, "processed/image/NAME/v1/changed.jpg");
        orphans.note(List.of(worker.head(changed).orElseThrow()), Instant.now().minus(DAY.multipliedBy(30)));
        worker.put(changed, new Content.Bytes(new byte[] {7, 7}), ObjectHeaders.ofType("image/jpeg"));

        server.bean(RemoveOrphans.class).removeFoundBefore(Bucket.PROCESSED, Instant.now());

        assertThat(worker.head(known)).isPresent();
        assertThat(worker.head(changed)).isPresent();
        assertThat(found()).containsExactly(changed);
        assertThat(delete("/v1/orphans/processed/" + changed.key()).statusCode())
                .isEqualTo(409);
    }

    @Test
    void removesAnOriginalWhenAnAdministratorNamesIt() throws Exception {
        BlobKey raw = stored(Bucket.RAW, "raw/2026/01/NAME/a.jpg");
        String path = "/v1/orphans/raw/" + raw.key();
        assertThat(delete(path).statusCode()).as("not reported yet").isEqualTo(404);
        findAfter(DAY.multipliedBy(2), null);

        assertThat(delete(path).statusCode()).isEqualTo(204);

        assertThat(worker.head(raw)).isEmpty();
        assertThat(delete(path).statusCode()).isEqualTo(404);
        assertThat(delete("/v1/orphans/raw/..%2f..%2fetc").statusCode()).isIn(400, 404);
        assertThat(delete("/v1/orphans/nowhere/a").statusCode()).isEqualTo(400);
    }

    @Test
    void listsThemPageByPage() throws Exception {
        for (int i = 0; i < 5; i++) {
            stored(Bucket.USER, "NAME/" + i);
        }
        findAfter(DAY.multipliedBy(2), null);

        JsonNode first = TestServer.json(server.get("/v1/orphans?bucket=user&limit=3"));
        JsonNode second = TestServer.json(server.get("/v1/orphans?bucket=user&limit=3&cursor="
                + first.path("nextCursor").asString()));

        assertThat(first.path("orphans").size()).isEqualTo(3);
        assertThat(second.path("orphans").size()).isEqualTo(2);
        assertThat(second.has("nextCursor")).isFalse();
        assertThat(second.path("orphans").get(1).path("key").asString()).isEqualTo(name + "/4");
        assertThat(second.path("orphans").get(1).path("bytes").asInt()).isEqualTo(3);
        assertThat(TestServer.json(server.get("/v1/orphans?before=2020-01-01T00:00:00Z"))
                        .path("orphans")
                        .isEmpty())
                .isTrue();
        for (String bad : List.of(
                "limit=0",
                "limit=1001",
                "bucket=x",
                "before=yesterday",
                "before=%2B999999999-01-01T00:00:00Z",
                "before=-999999999-01-01T00:00:00Z",
                "cursor=@",
                "oops=1")) {
            assertThat(server.get("/v1/orphans?" + bad).statusCode()).as(bad).isEqualTo(400);
        }
        assertThat(TestServer.send(HttpRequest.newBuilder(server.url("/v1/orphans")))
                        .statusCode())
                .isEqualTo(401);
        assertThat(server.get("/actuator/prometheus").body())
                .contains("safelight_orphans{bucket=\"user\"}", "safelight_orphans_bytes{bucket=\"raw\"}");
    }

    @Test
    void refusesSettingsThatWouldRemoveWhatIsInTheMaking() {
        assertThatThrownBy(() -> new OrphanSettings(DAY, Duration.ofMinutes(1), null))
                .hasMessageContaining("safelight.upload.orphans.grace");
        assertThatThrownBy(() -> new OrphanSettings(DAY, DAY, Duration.ofHours(2)))
                .hasMessageContaining("safelight.upload.orphans.remove-after");
        assertThatThrownBy(() -> new OrphanSettings(Duration.ZERO, DAY, null))
                .hasMessageContaining("safelight.upload.orphans.pause");
    }
}
