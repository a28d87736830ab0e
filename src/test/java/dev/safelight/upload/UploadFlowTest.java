package dev.safelight.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.event.EventSource;
import dev.safelight.event.Inbox;
import dev.safelight.event.StoreEvent;
import dev.safelight.store.DirectUpload;
import dev.safelight.store.DirectUpload.PostGrant;
import dev.safelight.testing.Form;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// Uploads as the ledger sees them, against a whole server.
class UploadFlowTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration SOON = Duration.ofSeconds(20);

    private final TestServer server = TestServer.shared();
    private final JdbcClient jdbc = server.bean(JdbcClient.class);
    private final byte[] picture = Pictures.jpeg(320, 200);

    private JsonNode grant(int size) throws IOException, InterruptedException {
        var answer = server.post(
                "/v1/uploads", "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":%d}".formatted(size));
        assertThat(answer.statusCode()).isEqualTo(201);
        return TestServer.json(answer);
    }

    private static Form form(JsonNode upload, byte[] bytes) {
        JsonNode grant = upload.path("grant");
        Map<String, String> fields = new LinkedHashMap<>();
        grant.path("fields")
                .properties()
                .forEach(field -> fields.put(field.getKey(), field.getValue().asString()));
        return Form.of(new PostGrant(URI.create(grant.path("url").asString()), fields, Instant.MAX), bytes);
    }

    private JsonNode state(JsonNode upload) throws IOException, InterruptedException {
        return TestServer.json(
                server.get("/v1/uploads/" + upload.path("uploadId").asString()));
    }

    private void awaitStatus(JsonNode upload, String status) {
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(state(upload).path("status").asString()).isEqualTo(status));
    }

    private static UUID id(JsonNode upload) {
        return UUID.fromString(upload.path("uploadId").asString());
    }

    @Test
    void becomesReadyOnceTheStoreTellsOfIt() throws Exception {
        JsonNode upload = grant(picture.length);
        assertThat(state(upload).path("status").asString()).isEqualTo("PENDING");

        assertThat(form(upload, picture).send(HTTP).statusCode()).isEqualTo(201);

        awaitStatus(upload, "READY");
    }

    @Test
    void processesOnceHoweverOftenTheEventIsTold() throws Exception {
        JsonNode upload = grant(picture.length);
        form(upload, picture).send(HTTP);
        awaitStatus(upload, "READY");
        String key = server.bean(UploadRepository.class)
                .find(id(upload))
                .orElseThrow()
                .key()
                .key();

        StoreEvent again = new StoreEvent("raw", key, picture.length, "other", "ff", null);
        server.bean(Inbox.class).accept(EventSource.EMBEDDED, List.of(again, again));
        await().atMost(SOON).until(() -> waiting(upload) == 0);

        String asset = upload.path("assetId").asString();
        assertThat(jdbc.sql("select count(*) from job_run where kind = 'process' and instance = :id")
                        .param("id", asset + "/v1")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    private int waiting(JsonNode upload) {
        return jdbc.sql("select count(*) from scheduled_tasks where task_instance like :id")
                .param("id", upload.path("uploadId").asString() + "%")
                .query(Integer.class)
                .single();
    }

    @Test
    void isFoundByTheSweepWhenItsEventWasLost() throws Exception {
        JsonNode upload = grant(picture.length);
        // The event is known before it is told: to the inbox it is a repetition, so only the sweep can find the object.
        jdbc.sql("""
                create or replace function lose() returns trigger as $$ begin return null; end $$ language plpgsql;
                create trigger lose_events before insert on store_event for each row
                when (new.object_key like '%lost%') execute function lose()
                """).update();
        jdbc.sql("update upload set object_key = replace(object_key, 'a.jpg', 'lost.jpg') where id = :id")
                .param("id", id(upload))
                .update();
        BlobKey lost = server.bean(UploadRepository.class)
                .find(id(upload))
                .orElseThrow()
                .key();
        assertThat(lost.bucket()).isEqualTo(Bucket.RAW);
        PostGrant grant = server.bean(DirectUpload.class)
                .post(
                        lost,
                        "image/jpeg",
                        picture.length,
                        picture.length,
                        Instant.now().plusSeconds(60));
        jdbc.sql("update asset_version set original_key = :key where asset_id = :id")
                .param("key", lost.key())
                .param("id", UUID.fromString(upload.path("assetId").asString()))
                .update();

        assertThat(Form.of(grant, picture).send(HTTP).statusCode()).isEqualTo(201);

        awaitStatus(upload, "READY");
        assertThat(jdbc.sql("select count(*) from store_event where object_key = :key")
                        .param("key", lost.key())
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void expiresUnusedAndIsStillTakenWhenTheBytesComeLate() throws Exception {
        JsonNode upload = grant(picture.length);
        jdbc.sql(
                        "update upload set expires_at = now() - interval '1 minute', created_at = now() - interval '1 hour' where id = :id")
                .param("id", id(upload))
                .update();

        awaitStatus(upload, "FAILED");
        assertThat(state(upload).path("reason").asString()).isEqualTo("upload-expired");

        assertThat(form(upload, picture).send(HTTP).statusCode()).isEqualTo(201);
        awaitStatus(upload, "READY");
    }

    @Test
    void isForgottenSomeTimeAfterItExpired() throws Exception {
        JsonNode upload = grant(picture.length);
        jdbc.sql(
                        "update upload set expires_at = now() - interval '30 days', created_at = now() - interval '31 days' where id = :id")
                .param("id", id(upload))
                .update();

        await().atMost(SOON)
                .until(() ->
                        server.bean(UploadRepository.class).find(id(upload)).isEmpty());
        assertThat(server.get("/v1/assets/" + upload.path("assetId").asString()).statusCode())
                .isEqualTo(404);
    }

    @Test
    void isRejectedWhenTheBytesDoNotHaveThePromisedHash() throws Exception {
        String body = "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":%d,\"sha256\":\"%s\"}"
                .formatted(picture.length, "0".repeat(64));
        JsonNode upload = TestServer.json(server.post("/v1/uploads", body));
        form(upload, picture).send(HTTP);

        awaitStatus(upload, "REJECTED");
        assertThat(state(upload).path("reason").asString()).isEqualTo("checksum-mismatch");
    }

    @Test
    void opensAnExpiredUploadAgainForTheSameIdempotencyKey() throws Exception {
        String body = "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":%d,\"idempotencyKey\":\"%s\"}"
                .formatted(picture.length, UUID.randomUUID());
        JsonNode first = TestServer.json(server.post("/v1/uploads", body));
        jdbc.sql(
                        "update upload set expires_at = now() - interval '1 minute', created_at = now() - interval '1 hour' where id = :id")
                .param("id", id(first))
                .update();
        awaitStatus(first, "FAILED");

        JsonNode again = TestServer.json(server.post("/v1/uploads", body));

        assertThat(id(again)).isEqualTo(id(first));
        assertThat(again.path("status").asString()).isEqualTo("PENDING");
        assertThat(form(again, picture).send(HTTP).statusCode()).isEqualTo(201);
        awaitStatus(again, "READY");
    }

    @Test
    void givesTheSameUploadForTheSameIdempotencyKey() throws Exception {
        String body = "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":10,\"idempotencyKey\":\"%s\"}"
                .formatted(UUID.randomUUID());

        var first = server.post("/v1/uploads", body);
        var second = server.post("/v1/uploads", body);
        var other = server.post("/v1/uploads", body.replace("\"size\":10", "\"size\":11"));

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(TestServer.json(second).path("uploadId"))
                .isEqualTo(TestServer.json(first).path("uploadId"));
        assertThat(TestServer.json(second).path("grant").isObject()).isTrue();
        assertThat(other.statusCode()).isEqualTo(409);
    }
}
