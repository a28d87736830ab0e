package dev.safelight.purge;

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
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// Purges as clients ask for them, on a server that is its own only node and has no edges.
class PurgeApiTest {
    private static final String UNKNOWN = "/v1/purges/0199d3a4-5b6c-7d8e-9f00-112233445566";

    private final TestServer server = TestServer.shared();

    @Test
    void isConfirmedByTheNodeWithinASecond() throws Exception {
        HttpResponse<String> answer = server.post("/v1/purges", "{\"by\":\"everything\"}");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
        String path = answer.headers().firstValue("Location").orElseThrow();
        assertThat(path)
                .isEqualTo("/v1/purges/" + TestServer.json(answer).path("id").asString());
        JsonNode done = awaitDone(path);
        assertThat(done.path("by").asString()).isEqualTo("everything");
        assertThat(done.path("values").isEmpty()).isTrue();
        assertThat(done.path("cause").asString()).isEqualTo("request");
        assertThat(done.at("/createdBy/name").asString()).isNotEmpty();
        assertThat(done.at("/nodes/0/state").asString()).isEqualTo("CONFIRMED");
        assertThat(done.at("/nodes/0/confirmedAt").asString()).isNotEmpty();
        assertThat(done.path("edges").isEmpty()).isTrue();
    }

    @Test
    void takesEachWayToChoose() throws Exception {
        VersionId id = UploadedPicture.ready(server, Pictures.jpeg(60, 40));
        for (String order : new String[] {
            "{\"by\":\"asset\",\"values\":[\"%s\",\"%s\"]}".formatted(id.asset(), id.asset()),
            "{\"by\":\"sku\",\"values\":[\"no such article, but why not\"]}",
            "{\"by\":\"tag\",\"values\":[\"space-product\",\"asset-%s\"]}".formatted(id.asset()),
            "{\"by\":\"path\",\"values\":[\"/images/%s?width=10&format=auto\",\"/\"]}".formatted(id.asset()),
            "{\"by\":\"prefix\",\"values\":[\"/media/image/%s/v1/\"]}".formatted(id.asset())
        }) {
            HttpResponse<String> answer = server.post("/v1/purges", order);
            assertThat(answer.statusCode()).as(order + answer.body()).isEqualTo(202);
            awaitDone(answer.headers().firstValue("Location").orElseThrow());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"by\":\"magic\"}",
                "{\"by\":\"asset\"}",
                "{\"by\":\"asset\",\"values\":[]}",
                "{\"by\":\"asset\",\"values\":[null]}",
                "{\"by\":\"asset\",\"values\":[\"0199D3A4-5B6C-7D8E-9F00-112233445566\"]}",
                "{\"by\":\"asset\",\"values\":\"x\"}",
                "{\"by\":\"everything\",\"values\":[\"x\"]}",
                "{\"by\":\"tag\",\"values\":[\"Has-Capitals\"]}",
                "{\"by\":\"tag\",\"values\":[\"two words\"]}",
                "{\"by\":\"tag\",\"values\":[\"\"]}",
                "{\"by\":\"path\",\"values\":[\"images/x\"]}",
                "{\"by\":\"path\",\"values\":[\"/a b\"]}",
                "{\"by\":\"path\",\"values\":[\"/a%2\"]}",
                "{\"by\":\"path\",\"values\":[\"/a\\nBAN\"]}",
                "{\"by\":\"prefix\",\"values\":[\"/a?b=c\"]}",
                "{\"by\":\"prefix\",\"values\":[\"/\\\"\"]}",
                "{\"by\":\"sku\",\"values\":[\"\"]}",
                "{\"by\":\"everything\",\"extra\":1}",
                "[]",
                "nonsense"
            })
    void refusesWhatItDoesNotUnderstand(String order) throws Exception {
        HttpResponse<String> answer = server.post("/v1/purges", order);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
    }

    @Test
    void boundsWhatIsAskedForAtOnce() throws Exception {
        String many = "\"t\",".repeat(100) + "\"t\"";
        assertThat(server.post("/v1/purges", "{\"by\":\"tag\",\"values\":[" + many + "]}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(server.post("/v1/purges", "{\"by\":\"path\",\"values\":[\"/" + "a".repeat(2_000) + "\"]}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(server.post("/v1/purges", "{\"by\":\"tag\",\"values\":[\"" + "a".repeat(129) + "\"]}")
                        .statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"EDITOR,403", "MARKETING,403", "VIEWER,403", "UPLOADER,403", "MODERATOR,403", "ADMIN,202"})
    void leavesEverythingToAdministrators(Role role, int status) throws Exception {
        for (String order : new String[] {
            "{\"by\":\"everything\"}",
            "{\"by\":\"tag\",\"values\":[\"space-user\"]}",
            "{\"by\":\"prefix\",\"values\":[\"/\"]}",
            "{\"by\":\"path\",\"values\":[\"/\"]}"
        }) {
            assertThat(server.post("/v1/purges", order, key(role)).statusCode())
                    .as(order)
                    .isEqualTo(status);
        }
    }

    @Test
    void letsThoseChangeAPurgeWhoMayChangeTheAsset() throws Exception {
        VersionId id = UploadedPicture.ready(server, Pictures.jpeg(60, 40));
        String order = "{\"by\":\"asset\",\"values\":[\"%s\"]}".formatted(id.asset());
        String editor = key(Role.EDITOR);

        HttpResponse<String> own = server.post("/v1/purges", order, editor);
        assertThat(own.statusCode()).isEqualTo(202);
        assertThat(server.post("/v1/purges", order, key(Role.MARKETING)).statusCode())
                .isEqualTo(404);
        assertThat(server.post("/v1/purges", "{\"by\":\"sku\",\"values\":[\"a\"]}", key(Role.MARKETING))
                        .statusCode())
                .isEqualTo(403);
        String path = own.headers().firstValue("Location").orElseThrow();
        assertThat(get(path, editor).statusCode()).isEqualTo(200);
        assertThat(get(path, key(Role.EDITOR)).statusCode()).isEqualTo(404);
        assertThat(server.get(path).statusCode()).isEqualTo(200);
        JsonNode mine = TestServer.json(get("/v1/purges?limit=1", editor));
        assertThat(mine.path("purges").size()).isEqualTo(1);
        assertThat(mine.path("nextCursor").isMissingNode()).isTrue();
        JsonNode all = TestServer.json(server.get("/v1/purges?limit=1"));
        if (all.has("nextCursor")) {
            assertThat(server.get("/v1/purges?cursor=" + all.path("nextCursor").asString())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void tellsWhatThereIsNot() throws Exception {
        assertThat(server.get(UNKNOWN).statusCode()).isEqualTo(404);
        assertThat(server.post(UNKNOWN + "/retry", "").statusCode()).isEqualTo(404);
        assertThat(server.get("/v1/purges/x").statusCode()).isEqualTo(400);
        assertThat(server.get("/v1/purges?limit=0").statusCode()).isEqualTo(400);
        assertThat(server.get("/v1/purges?cursor=x").statusCode()).isEqualTo(400);
        assertThat(server.get("/v1/purges?what=x").statusCode()).isEqualTo(400);
        String done = start("{\"by\":\"everything\"}");
        HttpResponse<String> nothing = server.post(done + "/retry", "");
        assertThat(nothing.statusCode()).isEqualTo(409);
        assertThat(nothing.body()).contains("nothing to be tried again");
    }

    @Test
    void isBegunByARejectionAndADeletion() throws Exception {
        VersionId rejected = UploadedPicture.ready(server, Pictures.jpeg(60, 40));
        VersionId deleted = UploadedPicture.ready(server, Pictures.jpeg(60, 40));

        server.post("/v1/assets/" + rejected.asset() + "/moderation", "{\"status\":\"rejected\",\"version\":1}");
        TestServer.send(server.request("/v1/assets/" + deleted.asset()).DELETE());

        for (VersionId id : new VersionId[] {rejected, deleted}) {
            JsonNode done = awaitDone("/v1/purges/" + withdrawalOf(id));
            assertThat(done.path("cause").asString()).isEqualTo("withdrawal");
            assertThat(done.has("createdBy")).isFalse();
        }
    }

    private UUID withdrawalOf(VersionId id) {
        return server.bean(JdbcClient.class)
                .sql("select id from purge where what = 'asset' and subjects = array[cast(:id as text)]")
                .param("id", id.asset().toString())
                .query(UUID.class)
                .single();
    }

    @Test
    void leavesNothingOfWhatIsWithdrawnInItsCaches() throws Exception {
        VersionId id = UploadedPicture.ready(server, Pictures.jpeg(320, 240));
        String moderation = "/v1/assets/" + id.asset() + "/moderation";
        assertThat(howItWasMade(id)).contains("render");
        assertThat(howItWasMade(id)).doesNotContain("render");

        server.post(moderation, "{\"status\":\"rejected\",\"version\":1}");
        awaitDone("/v1/purges/" + withdrawalOf(id));
        server.post(moderation, "{\"status\":\"approved\",\"version\":1}");

        assertThat(howItWasMade(id)).contains("render");
    }

    private String howItWasMade(VersionId id) throws Exception {
        HttpResponse<String> picture = server.get("/images/" + id.asset() + "?width=96");
        assertThat(picture.statusCode()).isEqualTo(200);
        return picture.headers().firstValue("Server-Timing").orElse("");
    }

    private String start(String order) throws Exception {
        HttpResponse<String> answer = server.post("/v1/purges", order);
        assertThat(answer.statusCode()).isEqualTo(202);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    private JsonNode awaitDone(String path) {
        return await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> TestServer.json(server.get(path)),
                        purge -> purge.path("state").asString().equals("DONE"));
    }

    private HttpResponse<String> get(String path, String key) throws Exception {
        return TestServer.send(HttpRequest.newBuilder(server.url(path))
                .header("Authorization", "Bearer " + key)
                .GET());
    }

    private String key(Role role) {
        return server.bean(ApiKeys.class).create("purges", Set.of(role)).token();
    }
}
