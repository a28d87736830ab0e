package dev.safelight.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.access.UploadSessions;
import dev.safelight.testing.TestServer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// What an upload session is, and that it is no more.
class UploadSessionTest {
    private final TestServer server = TestServer.shared();
    private final JdbcClient jdbc = server.bean(JdbcClient.class);

    private JsonNode session(String json) throws Exception {
        HttpResponse<String> answer = server.post("/v1/upload-sessions", json);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        return TestServer.json(answer);
    }

    private static int status(Browser browser) throws Exception {
        return browser.get("/uploads/" + new UUID(1, 1)).statusCode();
    }

    @Test
    void isAnAddressWithASecretThatOnlyTheAnswerShows() throws Exception {
        JsonNode session = session("{\"space\":\"product\"}");

        String token = session.path("token").asString();
        assertThat(token).matches("us_[0-9a-f]{32}_[A-Za-z0-9_-]{43}");
        assertThat(session.path("url").asString())
                .isEqualTo(server.url("/v1/uppy/" + token).toString());
        assertThat(Instant.parse(session.path("expiresAt").asString())).isAfter(Instant.now());
        assertThat(jdbc.sql("select count(*) from upload_session where id = :id and secret_hash is not null")
                        .param("id", UUID.fromString(session.path("sessionId").asString()))
                        .query(Integer.class)
                        .single())
                .isOne();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 400 | space is needed",
                "{\"space\":\"attic\"} | 400 | allowed are product, user, marketing",
                "{\"space\":\"product\",\"lifetime\":59} | 400 | 60 to 86400",
                "{\"space\":\"product\",\"lifetime\":86401} | 400 | 60 to 86400",
                "{\"space\":\"product\",\"maxUploads\":0} | 400 | 1 to 1000",
                "{\"space\":\"product\",\"maxUploads\":1001} | 400 | 1 to 1000",
                "{\"space\":\"product\",\"maxBytes\":0} | 400 | at least 1",
                "{\"space\":\"product\",\"maxBytes\":999999999999} | 400 | can only narrow",
                "{\"space\":\"product\",\"types\":[]} | 400 | 1 to 32",
                "{\"space\":\"product\",\"types\":[\"text/html\"]} | 415 | image/jpeg",
                "{\"space\":\"product\",\"metadata\":{\"\":\"x\"}} | 400 | 1 to 64",
                "{\"space\":\"product\",\"origin\":\"x\"} | 400 | not known here"
            })
    void refusesWhatItCannotPromise(String json, int status, String detail) throws Exception {
        HttpResponse<String> answer = server.post("/v1/upload-sessions", json);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(TestServer.json(answer).path("detail").asString()).contains(detail);
    }

    @Test
    void opensNoSpaceThatItsKeyCannotUploadTo() throws Exception {
        JsonNode key = TestServer.json(server.post("/v1/keys", "{\"name\":\"m\",\"roles\":[\"marketing\"]}"));

        HttpResponse<String> answer = TestServer.send(
                request("/v1/upload-sessions", key).POST(HttpRequest.BodyPublishers.ofString("{\"space\":\"user\"}")));

        assertThat(answer.statusCode()).isEqualTo(403);
    }

    private HttpRequest.Builder request(String path, JsonNode key) {
        return HttpRequest.newBuilder(server.url(path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + key.path("token").asString());
    }

    @Test
    void endsWithItsKey() throws Exception {
        JsonNode key = TestServer.json(server.post("/v1/keys", "{\"name\":\"u\",\"roles\":[\"uploader\"]}"));
        JsonNode session = TestServer.json(TestServer.send(
                request("/v1/upload-sessions", key).POST(HttpRequest.BodyPublishers.ofString("{\"space\":\"user\"}"))));
        Browser browser = new Browser(URI.create(session.path("url").asString()));
        assertThat(status(browser)).isEqualTo(404);

        TestServer.send(server.request("/v1/keys/" + key.path("id").asString()).DELETE());

        assertThat(status(browser)).isEqualTo(401);
    }

    @Test
    void isEndedByTheKeyThatMadeItOrByAnAdministratorAndByNobodyElse() throws Exception {
        JsonNode key = TestServer.json(server.post("/v1/keys", "{\"name\":\"u\",\"roles\":[\"uploader\"]}"));
        JsonNode other = TestServer.json(server.post("/v1/keys", "{\"name\":\"o\",\"roles\":[\"uploader\"]}"));
        for (boolean byAdministrator : List.of(false, true)) {
            JsonNode session = TestServer.json(TestServer.send(request("/v1/upload-sessions", key)
                    .POST(HttpRequest.BodyPublishers.ofString("{\"space\":\"user\"}"))));
            Browser browser = new Browser(URI.create(session.path("url").asString()));
            String path = "/v1/upload-sessions/" + session.path("sessionId").asString();
            assertThat(status(browser)).isEqualTo(404);
            assertThat(TestServer.send(request(path, other).DELETE()).statusCode())
                    .isEqualTo(404);
            assertThat(status(browser)).isEqualTo(404);

            for (int i = 0; i < 2; i++) {
                assertThat(TestServer.send((byAdministrator ? server.request(path) : request(path, key)).DELETE())
                                .statusCode())
                        .isEqualTo(204);
            }

            assertThat(status(browser)).isEqualTo(401);
        }
        for (String unknown : List.of("x", new UUID(1, 1).toString())) {
            assertThat(TestServer.send(server.request("/v1/upload-sessions/" + unknown)
                                    .DELETE())
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void endsByItselfAndIsForgottenAfterwardsWithoutWhatItUploaded() throws Exception {
        JsonNode session = session("{\"space\":\"product\"}");
        UUID id = UUID.fromString(session.path("sessionId").asString());
        Browser other = Browser.withSession(server, "{\"space\":\"product\"}");
        String upload =
                Browser.idIn(other.sign(Map.of("method", "PUT", "key", "kept.jpg", "contentType", "image/jpeg")));
        jdbc.sql("update upload set session = :session where id = :id")
                .param("session", id)
                .param("id", UUID.fromString(upload))
                .update();
        jdbc.sql("update upload_session set expires_at = now() - interval '8 days' where id = :id")
                .param("id", id)
                .update();

        assertThat(status(new Browser(URI.create(session.path("url").asString()))))
                .isEqualTo(401);
        server.bean(UploadSessions.class).forgetEndedBefore(Instant.now().minusSeconds(7 * 86_400));

        assertThat(jdbc.sql("select count(*) from upload_session where id = :id")
                        .param("id", id)
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(server.get("/v1/uploads/" + upload).statusCode()).isEqualTo(200);
        assertThat(status(other)).isEqualTo(404);
    }

    @Test
    void opensNothingButItsOwnPaths() throws Exception {
        JsonNode session = session("{\"space\":\"product\"}");
        String token = session.path("token").asString();
        String other = token.substring(0, token.length() - 5) + (token.endsWith("AAAAA") ? "BBBBB" : "AAAAA");

        for (String path : List.of("/v1/uploads", "/v1/assets", "/v1/upload-sessions", "/v1/keys")) {
            var asKey = HttpRequest.newBuilder(server.url(path)).header("Authorization", "Bearer " + token);
            assertThat(TestServer.send(asKey).statusCode()).as(path).isEqualTo(401);
        }
        // A key in the header opens no session, not even that of an administrator.
        for (String wrong : List.of(other, "us_x", server.adminKey())) {
            assertThat(server.get("/v1/uppy/" + wrong + "/events").statusCode()).isEqualTo(401);
        }
        assertThat(server.post("/v1/uppy/" + other + "/sign", "{}").statusCode())
                .isEqualTo(401);
    }

    @Test
    void isNoRoleForAKey() throws Exception {
        HttpResponse<String> answer = server.post("/v1/keys", "{\"name\":\"s\",\"roles\":[\"session\"]}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(TestServer.json(answer).path("detail").asString())
                .contains("no role \"session\"")
                .endsWith("allowed are uploader, editor, marketing, moderator, viewer, admin.");
    }
}
