package dev.safelight.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.access.ApiKeys;
import dev.safelight.access.Role;
import dev.safelight.asset.VersionId;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.TestServer;
import dev.safelight.testing.UploadedPicture;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// Reprocessing as clients ask for it; a recipe that nobody has any more stands for a changed profile.
class ReprocessApiTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final TestServer server = TestServer.shared();

    @Test
    void tellsFirstAndDoesItThen() throws Exception {
        VersionId id = outdated();
        String path = "/v1/assets/" + id.asset() + "/reprocess";

        JsonNode plan = ok(server.post(path, "{\"dryRun\":true}"));

        assertThat(plan.path("made").asInt()).isEqualTo(1);
        assertThat(plan.path("unlisted").asInt(-1)).isZero();
        assertThat(plan.path("removed").asInt()).isZero();
        assertThat(plan.path("addressesEnded").asInt(-1)).isZero();
        assertThat(plan.path("kept").asInt()).isPositive();
        assertThat(plan.path("bytesToWrite").asLong())
                .isPositive()
                .isEqualTo(plan.path("bytesFreed").asLong());
        assertThat(plan.path("job").asString()).isEqualTo("none");
        ok(server.post(path, "{\"dryRun\":false}"));
        await().atMost(SOON)
                .until(() -> ok(server.post(path, "{\"dryRun\":true}"))
                        .path("job")
                        .asString()
                        .equals("none"));
        JsonNode done = ok(server.post(path, "{\"dryRun\":true}"));
        assertThat(done.path("made").asInt()).isZero();
        assertThat(done.path("kept").asInt()).isEqualTo(plan.path("kept").asInt() + 1);
    }

    @Test
    void keepsAndCountsWhatTheProfileNoLongerNames() throws Exception {
        VersionId id = UploadedPicture.ready(server, Pictures.jpeg(400, 300));
        server.bean(JdbcClient.class)
                .sql("update variant set name = 'former' where asset_id = :id and name = 'thumb' and format = 'JPEG'")
                .param("id", id.asset().value())
                .update();

        JsonNode plan = ok(server.post("/v1/assets/" + id.asset() + "/reprocess", "{\"dryRun\":true}"));

        assertThat(plan.path("unlisted").asInt()).isEqualTo(1);
        assertThat(plan.path("removed").asInt(-1)).isZero();
        assertThat(plan.path("addressesEnded").asInt(-1)).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{} | needed", "{\"dryRun\":\"yes\"} | dryRun", "{\"dryRun\":true,\"colour\":1} | colour"})
    void refusesOrdersItDoesNotUnderstand(String body, String hint) throws Exception {
        VersionId id = UploadedPicture.ready(server, Pictures.jpeg(60, 40));

        HttpResponse<String> answer = server.post("/v1/assets/" + id.asset() + "/reprocess", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(hint);
    }

    @Test
    void isForThoseWhoMayChangeTheAsset() throws Exception {
        VersionId id = UploadedPicture.ready(server, Pictures.jpeg(60, 40));
        String path = "/v1/assets/" + id.asset() + "/reprocess";

        assertThat(as(Role.EDITOR, path)).isEqualTo(200);
        assertThat(as(Role.VIEWER, path)).isEqualTo(403);
        assertThat(as(Role.UPLOADER, path)).isEqualTo(403);
        assertThat(as(Role.MARKETING, path)).isEqualTo(404);
        assertThat(server.post("/v1/assets/0199d3a4-5b6c-7d8e-9f00-112233445566/reprocess", "{\"dryRun\":true}")
                        .statusCode())
                .isEqualTo(404);
    }

    private int as(Role role, String path) throws Exception {
        String token = server.bean(ApiKeys.class).create("a", Set.of(role)).token();
        return TestServer.send(HttpRequest.newBuilder(server.url(path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"dryRun\":true}")))
                .statusCode();
    }

    private VersionId outdated() throws Exception {
        VersionId id = UploadedPicture.ready(server, Pictures.jpeg(400, 300));
        server.bean(JdbcClient.class)
                .sql("update variant set recipe = 'old' where asset_id = :id and name = 'thumb' and format = 'JPEG'")
                .param("id", id.asset().value())
                .update();
        return id;
    }

    private static JsonNode ok(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return TestServer.json(answer);
    }
}
