package dev.safelight.purge.edge;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.safelight.job.JobRun;
import dev.safelight.testing.CapturedLog;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.TestServer;
import dev.safelight.testing.UploadedPicture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// What is withdrawn while an edge, which a recorder plays, takes nothing from here.
class WithdrawalEdgeTest {
    private static final String EDGE = "mine";
    private static final ResponseDefinitionBuilder LOCKED_OUT =
            aResponse().withStatus(403).withBody("{\"success\":false,\"errors\":[{\"code\":10000}]}");
    private static final ResponseDefinitionBuilder AWAY = aResponse().withStatus(503);
    private static final ResponseDefinitionBuilder SUCCESS = okJson("{\"success\":true,\"errors\":[]}");

    private final TestServer server = TestServer.shared();
    private final JdbcClient sql = server.bean(JdbcClient.class);
    private final EdgeRepository repository = server.bean(EdgeRepository.class);
    private final WireMockServer cdn = new WireMockServer(options().dynamicPort());

    @BeforeEach
    void start() {
        cdn.start();
        repository.seen(edges().find(EDGE).orElseThrow());
    }

    @AfterEach
    void stop() {
        sql.sql("delete from edge where name = :edge").param("edge", EDGE).update();
        repository.forgetUnseen(Duration.ofHours(1));
        cdn.stop();
    }

    private Edges edges() {
        return new Edges(
                EdgeContract.bind(Map.of(
                        "kind", "cloudflare",
                        "url", "http://127.0.0.1:" + cdn.port(),
                        "zone", "z",
                        "hosts", "media.example",
                        "per-minute", "6000",
                        "token", EdgeContract.SECRET)),
                InstantSource.system());
    }

    private void answer(ResponseDefinitionBuilder answer) {
        cdn.stubFor(any(anyUrl()).willReturn(answer));
    }

    private String deleted() throws Exception {
        String asset =
                UploadedPicture.ready(server, Pictures.jpeg(60, 40)).asset().toString();
        assertThat(TestServer.send(server.request("/v1/assets/" + asset).DELETE())
                        .statusCode())
                .isEqualTo(204);
        return asset;
    }

    private String withdrawalOf(String asset) throws Exception {
        for (JsonNode purge : TestServer.json(server.get("/v1/purges?limit=20")).path("purges")) {
            if (purge.path("cause").asString().equals("withdrawal")
                    && purge.path("values").get(0).asString().equals(asset)) {
                return purge.path("id").asString();
            }
        }
        throw new AssertionError("no withdrawal of " + asset);
    }

    private JsonNode edgeOf(String purge) throws Exception {
        return TestServer.json(server.get("/v1/purges/" + purge)).at("/edges/0");
    }

    /// As a worker does that was started just now, with all pauses over; until the edge is in a state.
    private JsonNode tellUntil(String purge, String state, String detail) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> tell(purge),
                        edge -> edge.path("state").asString().equals(state)
                                && edge.path("detail").asString("").startsWith(detail));
    }

    private JsonNode tell(String purge) throws Exception {
        sql.sql("update purge_edge set next_at = now() where edge = :edge and ended_at is null")
                .param("edge", EDGE)
                .update();
        PurgeEdge worker = new PurgeEdge(edges(), repository, InstantSource.system(), new SimpleMeterRegistry());
        try {
            worker.run(new JobRun(EDGE, false));
        } finally {
            worker.stop();
        }
        return edgeOf(purge);
    }

    private String told() {
        return cdn.findAll(anyRequestedFor(anyUrl())).stream()
                .map(LoggedRequest::getBodyAsString)
                .toList()
                .toString();
    }

    @Test
    void isTriedUntilTheCredentialsAreMended() throws Exception {
        answer(LOCKED_OUT);
        String asset = deleted();
        String purge = withdrawalOf(asset);
        String byHand = TestServer.json(server.post("/v1/purges", "{\"by\":\"tag\",\"values\":[\"by-hand\"]}"))
                .path("id")
                .asString();
        try (CapturedLog log = new CapturedLog()) {
            tellUntil(byHand, "FAILED", "HTTP 403 (10000): the credentials are not accepted");
            JsonNode retrying = tellUntil(purge, "RETRYING", "HTTP 403 (10000): the credentials are not accepted");

            assertThat(Instant.parse(retrying.path("nextAt").asString()))
                    .isBetween(Instant.now().plusSeconds(240), Instant.now().plusSeconds(420));
            assertThat(TestServer.json(server.get("/v1/purges/" + purge))
                            .path("state")
                            .asString())
                    .isEqualTo("RUNNING");
            assertThat(log.text()).contains("The edge mine takes nothing from here: HTTP 403");
        }

        // Weeks later, and then there is a moment in which the edge is away.
        sql.sql("update purge_edge set attempts = 5000 where edge = :edge and state = 'RETRYING'")
                .param("edge", EDGE)
                .update();
        answer(AWAY);
        tellUntil(purge, "RETRYING", "HTTP 503");
        answer(SUCCESS);
        tellUntil(purge, "DONE", "");
        assertThat(told()).contains("asset-" + asset);
        assertThat(edgeOf(byHand).path("state").asString()).isEqualTo("FAILED");
    }

    /// Who asks for another address, or takes no such method, has not looked at what is withdrawn.
    @ParameterizedTest
    @ValueSource(ints = {301, 308, 405, 413, 421})
    void outlivesAnAnswerThatIsNotAboutIt(int status) throws Exception {
        answer(aResponse().withStatus(status));
        String purge = withdrawalOf(deleted());
        tellUntil(purge, "RETRYING", "HTTP " + status);

        answer(SUCCESS);
        tellUntil(purge, "DONE", "");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 422})
    void failsWhereTheEdgeCallsWhatItSaysWrong(int status) throws Exception {
        answer(aResponse().withStatus(status).withBody("{\"success\":false,\"errors\":[{\"code\":1147}]}"));
        String purge = withdrawalOf(deleted());
        tellUntil(purge, "FAILED", "HTTP " + status);
    }

    /// However many there are: one request, one line in the log.
    @Test
    void asksALockedOutEdgeOnceAndSaysSoOnce() throws Exception {
        answer(LOCKED_OUT);
        String first = withdrawalOf(deleted());
        String second = withdrawalOf(deleted());
        PurgeEdge worker = new PurgeEdge(edges(), repository, InstantSource.system(), new SimpleMeterRegistry());
        try (CapturedLog log = new CapturedLog()) {
            for (int run = 0; run < 2; run++) {
                cdn.resetRequests();
                sql.sql("update purge_edge set next_at = now() where edge = :edge and ended_at is null")
                        .param("edge", EDGE)
                        .update();
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> repository
                                        .due(edges().find(EDGE).orElseThrow(), 10)
                                        .size()
                                == 2);

                worker.run(new JobRun(EDGE, false));

                assertThat(cdn.findAll(anyRequestedFor(anyUrl()))).hasSize(1);
                assertThat(edgeOf(first).path("attempts").asInt()).isEqualTo(run + 1);
                assertThat(edgeOf(second).path("attempts").asInt()).isEqualTo(run + 1);
            }
            assertThat(log.text().split("takes nothing from here", -1)).hasSize(2);
        } finally {
            worker.stop();
        }
    }

    @Test
    void isToldAtOnceWhenSomebodyAsksForIt() throws Exception {
        answer(LOCKED_OUT);
        String purge = withdrawalOf(deleted());
        tellUntil(purge, "RETRYING", "HTTP 403");

        answer(SUCCESS);
        assertThat(server.post("/v1/purges/" + purge + "/retry", "").statusCode())
                .isEqualTo(200);

        assertThat(repository.due(edges().find(EDGE).orElseThrow(), 10))
                .anyMatch(due -> due.purge().toString().equals(purge));
        tellUntil(purge, "DONE", "");
    }

    @Test
    void endsWithItsEdgeAlone() throws Exception {
        answer(LOCKED_OUT);
        String purge = withdrawalOf(deleted());
        tellUntil(purge, "RETRYING", "HTTP 403");

        sql.sql("update edge set seen_at = now() - interval '2 hours' where name = :edge")
                .param("edge", EDGE)
                .update();
        repository.forgetUnseen(Duration.ofHours(1));
        assertThat(edgeOf(purge).path("detail").asString()).isEqualTo("no worker has this edge any more");

        // Asked for once more, it does not stay open for an edge that nobody has.
        assertThat(server.post("/v1/purges/" + purge + "/retry", "").statusCode())
                .isEqualTo(200);
        assertThat(edgeOf(purge).path("state").asString()).isEqualTo("WAITING");
        repository.forgetUnseen(Duration.ofHours(1));
        assertThat(edgeOf(purge).path("state").asString()).isEqualTo("FAILED");
    }
}
