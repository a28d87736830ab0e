package dev.safelight.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Reason;
import dev.safelight.asset.Status;
import dev.safelight.asset.VersionId;
import dev.safelight.catalog.Catalog;
import dev.safelight.job.JobQueue;
import dev.safelight.job.JobRun;
import dev.safelight.store.Content;
import dev.safelight.store.DirectUpload.PostGrant;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.StoreRole;
import dev.safelight.store.embedded.EmbeddedStore;
import dev.safelight.store.s3.S3ObjectStore;
import dev.safelight.testing.Form;
import dev.safelight.testing.HeldRemovalLock;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.TestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// What happens to assets whose processing was cut off or came to nothing, on a whole server.
class RecoveryTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final TestServer server = TestServer.shared();
    private final Catalog catalog = server.bean(Catalog.class);
    private final byte[] picture = Pictures.jpeg(400, 300);
    private final S3ObjectStore admin =
            new S3ObjectStore(server.bean(EmbeddedStore.class).settings(StoreRole.ADMIN), InstantSource.system());

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void takesUpAVersionThatLostItsJob() throws Exception {
        VersionId id = uploaded();
        putBackToProcessing(id);

        server.bean(JobQueue.class).enqueue(Catalog.PROCESSING_JOB, id.toString());

        awaitStatus(id, Status.READY);
    }

    @Test
    void givesUpWithoutTheOriginalAndSucceedsOnceItIsBack() throws Exception {
        VersionId id = uploaded();
        BlobKey original = version(id).original().key();
        admin.delete(original);
        putBackToProcessing(id);
        server.bean(JobQueue.class).enqueue(Catalog.PROCESSING_JOB, id.toString());

        awaitStatus(id, Status.FAILED);
        assertThat(version(id).rejection())
                .isNotNull()
                .satisfies(rejection -> assertThat(rejection.reason()).isEqualTo(Reason.ORIGINAL_LOST));
        assertThat(server.get("/v1/jobs/dead").body()).contains(id.toString());

        admin.put(original, new Content.Bytes(picture), ObjectHeaders.ofType("image/jpeg"));
        String retry = "{\"kind\":\"process\",\"instance\":\"" + id + "\"}";
        assertThat(server.post("/v1/jobs/dead/retry", retry).statusCode()).isEqualTo(202);

        awaitStatus(id, Status.READY);
        assertThat(server.get("/v1/jobs/dead").body()).doesNotContain(id.toString());
        assertThat(server.post("/v1/jobs/dead/retry", retry).statusCode()).isEqualTo(404);
    }

    @Test
    void removesWhatTheCatalogueDoesNotKnowAndNothingElse() throws Exception {
        VersionId id = uploaded();
        AssetVersion version = version(id);
        BlobKey wanted = version.variants().getFirst().key();
        BlobKey leftover = new BlobKey(wanted.bucket(), VariantKey.prefix(version) + "old-77w.webp");
        ObjectStore worker = server.bean("workerStore", ObjectStore.class);
        worker.put(leftover, new Content.Bytes(new byte[] {1}), ObjectHeaders.ofType("image/webp"));

        server.bean(RemoveLeftovers.class).run(new JobRun(id.toString(), false));

        assertThat(worker.head(leftover)).isEmpty();
        for (var variant : version.variants()) {
            assertThat(worker.head(variant.key())).isPresent();
        }
    }

    @Test
    void removesNothingWhileABackupRunsAndComesAgainForIt() throws Exception {
        VersionId id = uploaded();
        AssetVersion version = version(id);
        BlobKey leftover =
                new BlobKey(version.variants().getFirst().key().bucket(), VariantKey.prefix(version) + "old-77w.webp");
        ObjectStore worker = server.bean("workerStore", ObjectStore.class);
        worker.put(leftover, new Content.Bytes(new byte[] {1}), ObjectHeaders.ofType("image/webp"));
        RemoveLeftovers removal = server.bean(RemoveLeftovers.class);

        try (HeldRemovalLock backup = new HeldRemovalLock(server)) {
            await().until(backup::tryTake);
            removal.run(new JobRun(id.toString(), false));
        }

        assertThat(worker.head(leftover)).isPresent();
        assertThat(server.bean(JdbcClient.class)
                        .sql("select count(*) from scheduled_tasks where task_instance like :id || '/own-%'")
                        .param("id", id.toString())
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
        removal.run(new JobRun(id.toString(), false));
        assertThat(worker.head(leftover)).isEmpty();
    }

    private VersionId uploaded() throws Exception {
        var answer = server.post(
                "/v1/uploads",
                "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":%d}".formatted(picture.length));
        JsonNode upload = TestServer.json(answer);
        Map<String, String> fields = new LinkedHashMap<>();
        upload.at("/grant/fields")
                .properties()
                .forEach(field -> fields.put(field.getKey(), field.getValue().asString()));
        URI url = URI.create(upload.at("/grant/url").asString());
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(Form.of(new PostGrant(url, fields, Instant.MAX), picture)
                            .send(http)
                            .statusCode())
                    .isEqualTo(201);
        }
        VersionId id =
                new VersionId(AssetId.parse(upload.path("assetId").asString()).orElseThrow(), 1);
        awaitStatus(id, Status.READY);
        // A job that is still about to end would not be taken in anew.
        await().until(() ->
                server.bean(JobQueue.class).state(Catalog.PROCESSING_JOB, id.toString()) == JobQueue.State.NONE);
        return id;
    }

    private void putBackToProcessing(VersionId id) {
        server.bean(JdbcClient.class)
                .sql("update asset_version set status = 'PROCESSING', ended_at = null where asset_id = :id")
                .param("id", id.asset().value())
                .update();
    }

    private AssetVersion version(VersionId id) {
        return catalog.find(id.asset(), id.version()).orElseThrow().version();
    }

    private void awaitStatus(VersionId id, Status status) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(version(id).status()).isEqualTo(status));
    }
}
