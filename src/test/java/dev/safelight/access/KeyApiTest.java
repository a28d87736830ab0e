package dev.safelight.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class KeyApiTest {
    private final TestServer server = TestServer.shared();

    private JsonNode create(String roles) throws IOException, InterruptedException {
        var answer = server.post("/v1/keys", "{\"name\":\"test\",\"roles\":[\"" + roles.replace(",", "\",\"") + "\"]}");
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
        return TestServer.json(answer);
    }

    private HttpResponse<String> as(JsonNode key, String method, String path, String body)
            throws IOException, InterruptedException {
        return TestServer.send(HttpRequest.newBuilder(server.url(path))
                .header("Authorization", "Bearer " + key.path("token").asString())
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private static String upload(String space) {
        return "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":10,\"space\":\"" + space + "\"}";
    }

    @ParameterizedTest
    @CsvSource({
        "uploader, product, 201",
        "uploader, user, 201",
        "uploader, marketing, 403",
        "editor, product, 201",
        "editor, marketing, 403",
        "marketing, marketing, 201",
        "marketing, product, 403",
        "viewer, product, 403",
        "moderator, user, 403",
        "admin, marketing, 201"
    })
    void grantsUploadsByRoleAndSpace(String role, String space, int status) throws Exception {
        assertThat(as(create(role), "POST", "/v1/uploads", upload(space)).statusCode())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"uploader", "editor", "marketing", "moderator", "viewer"})
    void keepsKeysAndJobsToAdmins(String role) throws Exception {
        JsonNode key = create(role);

        assertThat(as(key, "GET", "/v1/keys", "").statusCode()).isEqualTo(403);
        assertThat(as(key, "POST", "/v1/keys", "{\"name\":\"x\",\"roles\":[\"admin\"]}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(as(key, "GET", "/v1/jobs/dead", "").statusCode()).isEqualTo(403);
    }

    @Test
    void showsTheTokenOnceAndNeverAgain() throws Exception {
        JsonNode key = create("viewer,uploader");
        String secret = key.path("token").asString().substring(36);

        assertThat(server.get("/v1/keys").body())
                .contains(key.path("id").asString())
                .doesNotContain(secret);
    }

    @Test
    void refusesARevokedKeyAtOnce() throws Exception {
        JsonNode key = create("viewer");
        assertThat(as(key, "GET", "/v1/assets", "").statusCode()).isEqualTo(200);

        var revoked = TestServer.send(
                server.request("/v1/keys/" + key.path("id").asString()).DELETE());

        assertThat(revoked.statusCode()).isEqualTo(204);
        assertThat(as(key, "GET", "/v1/assets", "").statusCode()).isEqualTo(401);
    }

    @Test
    void refusesToRevokeTheKeyThatAsks() throws Exception {
        JsonNode admin = create("admin");

        assertThat(as(admin, "DELETE", "/v1/keys/" + admin.path("id").asString(), "")
                        .statusCode())
                .isEqualTo(409);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"name\":\"x\"}",
                "{\"name\":\"\",\"roles\":[\"viewer\"]}",
                "{\"name\":\"x\",\"roles\":[]}",
                "{\"name\":\"x\",\"roles\":[\"king\"]}",
                "{\"name\":\"x\",\"roles\":[null]}",
                "{\"name\":\"x\",\"roles\":[\"viewer\"],\"more\":1}"
            })
    void explainsWhatIsWrongWithARequest(String body) throws Exception {
        var answer = server.post("/v1/keys", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @Test
    void boundsTheBodyOfARequest() throws Exception {
        String name = "x".repeat(300_000);
        String body = "{\"name\":\"" + name + "\",\"roles\":[\"viewer\"]}";

        assertThat(server.post("/v1/keys", body).statusCode()).isEqualTo(413);
        var chunked = TestServer.send(server.request("/v1/keys")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)))));
        assertThat(chunked.statusCode()).isEqualTo(413);
    }
}
