package dev.safelight.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.testing.AtOnce;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.TestServer;
import dev.safelight.testing.UploadedThroughForm;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// What happens to an upload from several sides at the same moment.
class UploadRacesTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int UPLOADS = 40;
    private static final int NOT_ASKED = 0;

    private final TestServer server = TestServer.shared();
    private final JdbcClient jdbc = server.bean(JdbcClient.class);
    private final byte[] picture = Pictures.jpeg(64, 48);

    private String order() {
        return "{\"fileName\":\"race.jpg\",\"contentType\":\"image/jpeg\",\"size\":%d,\"idempotencyKey\":\"%s\"}"
                .formatted(picture.length, UUID.randomUUID());
    }

    @Test
    void keepsLedgerAndCatalogueOfOneMindWhateverMeets() throws Exception {
        Random random = new Random(42);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < UPLOADS; i++) {
            String order = order();
            JsonNode upload = TestServer.json(server.post("/v1/uploads", order));
            String id = upload.path("uploadId").asString();
            ids.add(id);
            expire(id);
            int chosen = random.nextInt(7);
            assertThat(AtOnce.run(4, side -> act(side, chosen, upload, order)))
                    .as("round %d, chosen %d: complete, ask again, send, abort", i, chosen)
                    .satisfiesExactly(
                            completed -> assertThat(completed).isIn(202, 409),
                            asked -> assertThat(asked).isIn(200, 409),
                            sent -> assertThat(sent).isIn(NOT_ASKED, 201, 412),
                            aborted -> assertThat(aborted).isIn(NOT_ASKED, 204, 409));
        }

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(jdbc.sql("select task_instance from scheduled_tasks where task_instance like any(:ids)")
                            .param("ids", ids.stream().map(id -> id + "%").toArray(String[]::new))
                            .query(String.class)
                            .list())
                    .isEmpty();
            assertThat(jdbc.sql("""
                    select u.state || ' but ' || v.status || ' ' || coalesce(v.reason, '')
                    from upload u join asset_version v on (v.asset_id, v.version) = (u.asset_id, u.version)
                    where u.id = any(:ids) and not case u.state
                        when 'PENDING' then v.status = 'PENDING'
                        when 'EXPIRED' then v.status = 'FAILED' and v.reason = 'upload-expired'
                        when 'ABORTED' then v.status = 'FAILED' and v.reason = 'upload-aborted'
                        else v.status = 'READY' end
                    """)
                            .param("ids", ids.stream().map(UUID::fromString).toArray(UUID[]::new))
                            .query(String.class)
                            .list())
                    .isEmpty();
        });
    }

    private void expire(String id) {
        jdbc.sql("""
                update upload set expires_at = now() - interval '1 minute', created_at = now() - interval '1 hour'
                where id = cast(:id as uuid)
                """).param("id", id).update();
    }

    /// One of four who want something of the same upload, while the sweep settles it.
    private int act(int side, int chosen, JsonNode upload, String order) {
        String path = "/v1/uploads/" + upload.path("uploadId").asString();
        try {
            return switch (side) {
                case 0 -> server.post(path + "/complete", "").statusCode();
                case 1 -> server.post("/v1/uploads", order).statusCode();
                case 2 ->
                    (chosen & 1) == 0
                            ? NOT_ASKED
                            : UploadedThroughForm.form(upload, picture)
                                    .send(HTTP)
                                    .statusCode();
                default ->
                    (chosen & 2) == 0
                            ? NOT_ASKED
                            : TestServer.send(server.request(path).DELETE()).statusCode();
            };
        } catch (Exception failed) {
            throw new AssertionError(path, failed);
        }
    }
}
