package dev.safelight.backfill;

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

/// Backfills as clients ask for them; a recipe that nobody has any more stands for a changed profile.
class BackfillApiTest {
    private static final String UNKNOWN = "/v1/backfills/0199d3a4-5b6c-7d8e-9f00-112233445566";

    private final TestServer server = TestServer.shared();

    @Test
    void tellsFirstAndDoesItThen() throws Exception {
        VersionId id = outdated();
        String assets = "\"assets\":[\"%s\"]".formatted(id.asset());

        JsonNode forecast =
                TestServer.json(expect(200, server.post("/v1/backfills", "{\"dryRun\":true,%s}".formatted(assets))));

        assertThat(forecast.path("total").asInt()).isEqualTo(1);
        assertThat(forecast.path("exact").asBoolean()).isTrue();
        assertThat(forecast.path("needed").asInt()).isEqualTo(1);
        assertThat(forecast.path("made").asInt()).isEqualTo(1);
        assertThat(forecast.path("kept").asInt()).isPositive();
        assertThat(forecast.path("bytesToWrite").asLong()).isPositive();
        HttpResponse<String> started =
                expect(201, server.post("/v1/backfills", "{\"dryRun\":false,%s}".formatted(assets)));
        String path = started.headers().firstValue("Location").orElseThrow();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> get(path).path("state").asString().equals("DONE"));
        JsonNode done = get(path);
        assertThat(done.path("done").asInt()).isEqualTo(1);
        assertThat(done.path("failed").asInt(-1)).isZero();
        assertThat(done.path("progress").asDouble()).isEqualTo(1);
        assertThat(done.path("variantsToMake").asInt()).isEqualTo(1);
        assertThat(done.at("/startedBy/name").asString()).isNotEmpty();
        assertThat(done.path("finishedAt").asString()).isNotEmpty();
        assertThat(done.path("failures").isArray()).isTrue();
        JsonNode again = TestServer.json(server.post("/v1/backfills", "{\"dryRun\":true,%s}".formatted(assets)));
        assertThat(again.path("needed").asInt(-1)).isZero();
        assertThat(server.get("/actuator/prometheus").body())
                .contains("safelight_backfills{state=\"done\"}", "safelight_backfill_assets_total{what=\"done\"}");
    }

    @Test
    void namesWhatFailedAndDoesItWhenItIsRetried() throws Exception {
        VersionId id = outdated();
        String etag = etag(id);
        setEtag(id, "another");

        String path = start("{\"dryRun\":false,\"assets\":[\"%s\"]}".formatted(id.asset()));
        awaitDone(path);

        JsonNode failed = get(path);
        assertThat(failed.path("failed").asInt()).isEqualTo(1);
        assertThat(failed.path("done").asInt(-1)).isZero();
        assertThat(failed.at("/failures/0/asset").asString())
                .isEqualTo(id.asset().toString());
        assertThat(failed.at("/failures/0/reason").asString()).isEqualTo("original-lost");
        setEtag(id, etag);
        expect(200, server.post(path + "/retry", ""));
        awaitDone(path);
        JsonNode done = get(path);
        assertThat(done.path("failed").asInt(-1)).isZero();
        assertThat(done.path("done").asInt()).isEqualTo(1);
        assertThat(done.path("enqueued").asInt()).isEqualTo(2);
        assertThat(done.path("failures").isEmpty()).isTrue();
    }

    private String etag(VersionId id) {
        return server.bean(JdbcClient.class)
                .sql("select original_etag from asset_version where asset_id = :id")
                .param("id", id.asset().value())
                .query(String.class)
                .single();
    }

    private void setEtag(VersionId id, String etag) {
        server.bean(JdbcClient.class)
                .sql("update asset_version set original_etag = :etag where asset_id = :id")
                .param("id", id.asset().value())
                .param("etag", etag)
                .update();
    }

    private void awaitDone(String path) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> get(path).path("state").asString().equals("DONE"));
    }

    @Test
    void isPausedResumedAndCancelled() throws Exception {
        String paused = start("{\"dryRun\":false,\"perMinute\":1,\"assets\":[\"%s\",\"%s\"]}"
                .formatted(outdated().asset(), outdated().asset()));

        assertThat(state(server.post(paused + "/pause", ""))).isEqualTo("PAUSED");
        assertThat(state(server.post(paused + "/pause", ""))).isEqualTo("PAUSED");
        assertThat(get(paused).has("secondsLeft")).isFalse();
        assertThat(state(server.post(paused + "/resume", ""))).isEqualTo("RUNNING");
        assertThat(get(paused).has("secondsLeft")).isTrue();
        assertThat(state(TestServer.send(server.request(paused).DELETE()))).isEqualTo("CANCELLED");
        assertThat(state(TestServer.send(server.request(paused).DELETE()))).isEqualTo("CANCELLED");
        for (String change : new String[] {"/pause", "/resume", "/retry"}) {
            assertThat(expect(409, server.post(paused + change, "")).body()).contains("CANCELLED");
        }
        String done = start("{\"dryRun\":false,\"createdBefore\":\"2001-01-01T00:00:00Z\"}");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get(done).path("state").asString().equals("DONE"));
        expect(409, TestServer.send(server.request(done).DELETE()));
        assertThat(expect(409, server.post(done + "/retry", "")).body()).contains("nothing to retry");
    }

    @Test
    void listsPageByPageNewestFirst() throws Exception {
        String first = start("{\"dryRun\":false,\"createdBefore\":\"2001-01-01T00:00:00Z\"}");
        String second = start("{\"dryRun\":false,\"createdBefore\":\"2001-01-01T00:00:00Z\",\"skuPrefix\":\"A\"}");

        JsonNode page = get("/v1/backfills?limit=1");
        JsonNode next =
                get("/v1/backfills?limit=1&cursor=" + page.path("nextCursor").asString());

        assertThat(second).endsWith(page.at("/backfills/0/id").asString());
        assertThat(page.at("/backfills/0/covers/skuPrefix").asString()).isEqualTo("A");
        assertThat(first).endsWith(next.at("/backfills/0/id").asString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 400 | needed",
                "{\"dryRun\":\"yes\"} | 400 | dryRun",
                "{\"dryRun\":true,\"spaces\":[\"attic\"]} | 400 | product, user, marketing",
                "{\"dryRun\":true,\"spaces\":[null]} | 400 | product, user, marketing",
                "{\"dryRun\":true,\"spaces\":[]} | 400 | product, user, marketing",
                "{\"dryRun\":true,\"spaces\":\"user\"} | 400 | spaces",
                "{\"dryRun\":true,\"status\":\"FAILED\"} | 400 | READY",
                "{\"dryRun\":true,\"createdAfter\":\"yesterday\"} | 400 | createdAfter must be an instant",
                "{\"dryRun\":true,\"createdBefore\":\"2026-13-01T00:00:00Z\"} | 400 | createdBefore must be an instant",
                "{\"dryRun\":true,\"createdBefore\":\"+12026-01-01T00:00:00Z\"} | 400 | 0000 to 9999",
                "{\"dryRun\":true,\"skuPrefix\":\"\"} | 400 | 1 to 200",
                "{\"dryRun\":true,\"assets\":[]} | 400 | 1 to 1000",
                "{\"dryRun\":true,\"assets\":[\"x\"]} | 400 | UUIDs",
                "{\"dryRun\":true,\"assets\":[null]} | 400 | UUIDs",
                "{\"dryRun\":true,\"assets\":[\"0199d3a4-5b6c-7d8e-9f00-112233445566\"]} | 404 | no asset",
                "{\"dryRun\":true,\"assets\":[\"0199d3a4-5b6c-7d8e-9f00-112233445566\"],\"skuPrefix\":\"A\"} | 400 | without",
                "{\"dryRun\":false,\"perMinute\":0} | 400 | 1 to 60000",
                "{\"dryRun\":false,\"perMinute\":60001} | 400 | 1 to 60000",
                "{\"dryRun\":false,\"perMinute\":1.5} | 400 | whole number",
                "{\"dryRun\":false,\"inFlight\":0} | 400 | 1 to 1000",
                "{\"dryRun\":false,\"inFlight\":1001} | 400 | 1 to 1000",
                "{\"dryRun\":true,\"colour\":1} | 400 | colour"
            })
    void refusesOrdersItDoesNotUnderstand(String body, int status, String hint) throws Exception {
        assertThat(expect(status, server.post("/v1/backfills", body)).body()).contains(hint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | /v1/backfills/x | 400 | UUID",
                "GET | /v1/backfills/0199D3A4-5B6C-7D8E-9F00-112233445566 | 400 | lower case",
                "GET | " + UNKNOWN + " | 404 | no backfill",
                "GET | " + UNKNOWN + "?verbose=1 | 400 | verbose",
                "DELETE | " + UNKNOWN + " | 404 | no backfill",
                "POST | " + UNKNOWN + "/pause | 404 | no backfill",
                "POST | " + UNKNOWN + "/resume | 404 | no backfill",
                "POST | " + UNKNOWN + "/retry | 404 | no backfill",
                "GET | /v1/backfills?limit=0 | 400 | 1 to 200",
                "GET | /v1/backfills?limit=many | 400 | 1 to 200",
                "GET | /v1/backfills?cursor=x | 400 | nextCursor",
                "GET | /v1/backfills?state=DONE | 400 | limit, cursor",
                "POST | /v1/reprocess | 404 | nothing at this address"
            })
    void refusesWhatIsNotThere(String method, String path, int status, String hint) throws Exception {
        HttpResponse<String> answer = TestServer.send(server.request(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.noBody()));

        assertThat(expect(status, answer).body()).contains(hint);
    }

    @Test
    void isForThoseWhoMayChangeAllThatItCovers() throws Exception {
        String everything = start("{\"dryRun\":false,\"createdBefore\":\"2001-01-01T00:00:00Z\"}");
        String nothing = "{\"dryRun\":false,\"createdBefore\":\"2001-01-01T00:00:00Z\"%s}";
        String editor = key(Role.EDITOR);
        String marketing = key(Role.MARKETING);

        HttpResponse<String> own = expect(201, server.post("/v1/backfills", nothing.formatted(""), editor));

        assertThat(TestServer.json(own).at("/covers/spaces").toString()).isEqualTo("[\"product\",\"user\"]");
        String path = own.headers().firstValue("Location").orElseThrow();
        assertThat(as(editor, path)).isEqualTo(200);
        assertThat(as(marketing, path)).isEqualTo(404);
        assertThat(as(editor, everything)).isEqualTo(404);
        assertThat(as(server.adminKey(), path)).isEqualTo(200);
        assertThat(as(key(Role.VIEWER), path)).isEqualTo(403);
        assertThat(as(key(Role.UPLOADER), "/v1/backfills")).isEqualTo(403);
        assertThat(expect(403, server.post("/v1/backfills", nothing.formatted(",\"spaces\":[\"marketing\"]"), editor))
                        .body())
                .contains("marketing");
        assertThat(TestServer.send(HttpRequest.newBuilder(server.url("/v1/backfills"))
                                .header("Authorization", "Bearer " + marketing))
                        .body())
                .doesNotContain("product");
    }

    private String key(Role role) {
        return server.bean(ApiKeys.class).create("a", Set.of(role)).token();
    }

    private int as(String token, String path) throws Exception {
        return TestServer.send(HttpRequest.newBuilder(server.url(path)).header("Authorization", "Bearer " + token))
                .statusCode();
    }

    private String start(String body) throws Exception {
        return expect(201, server.post("/v1/backfills", body))
                .headers()
                .firstValue("Location")
                .orElseThrow();
    }

    private static String state(HttpResponse<String> answer) {
        return TestServer.json(expect(200, answer)).path("state").asString();
    }

    private JsonNode get(String path) throws Exception {
        return TestServer.json(expect(200, server.get(path)));
    }

    private static HttpResponse<String> expect(int status, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer;
    }

    private VersionId outdated() throws Exception {
        VersionId id = UploadedPicture.ready(server, Pictures.jpeg(400, 300));
        server.bean(JdbcClient.class)
                .sql("update variant set recipe = 'old' where asset_id = :id and name = 'thumb' and format = 'JPEG'")
                .param("id", id.asset().value())
                .update();
        return id;
    }
}
