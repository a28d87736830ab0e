package dev.safelight.purge.edge;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.safelight.Safelight;
import dev.safelight.job.JobRun;
import dev.safelight.testing.ApiUser;
import dev.safelight.testing.CapturedLog;
import dev.safelight.testing.Reply;
import dev.safelight.testing.TestDatabase;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// A whole server with a shield and a CDN, whose parts a recorder plays.
@TestInstance(Lifecycle.PER_CLASS)
class PurgeEdgeTest {
    private static final String SECRET = "a-secret-that-nobody-may-see";
    private static final String SHIELD = "/.safelight/purge";
    private static final String CDN = "/zones/z/purge_cache";
    private static final String SUCCESS = "{\"success\":true,\"errors\":[],\"result\":{\"id\":\"z\"}}";

    private final WireMockServer edges = new WireMockServer(options().dynamicPort());
    private ConfigurableApplicationContext context = new GenericApplicationContext();
    private ApiUser admin = new ApiUser(URI.create("http://127.0.0.1:9"), "nobody");

    @BeforeAll
    void start() throws Exception {
        edges.start();
        String url = "http://127.0.0.1:" + edges.port();
        TestDatabase database = TestDatabase.fresh();
        Path data =
                Files.createTempDirectory(Path.of("target"), "purge-server-").toAbsolutePath();
        context = new SpringApplicationBuilder(Safelight.class)
                .properties(Map.ofEntries(
                        entry("server.port", "0"),
                        entry("server.address", "127.0.0.1"),
                        entry("safelight.purge.edges.shield.kind", "nginx"),
                        entry("safelight.purge.edges.shield.urls", url),
                        entry("safelight.purge.edges.shield.token", SECRET),
                        entry("safelight.purge.edges.cdn.kind", "cloudflare"),
                        entry("safelight.purge.edges.cdn.url", url),
                        entry("safelight.purge.edges.cdn.zone", "z"),
                        entry("safelight.purge.edges.cdn.hosts", "media.example"),
                        entry("safelight.purge.edges.cdn.per-minute", "6000"),
                        entry("safelight.purge.edges.cdn.timeout", "1s"),
                        entry("safelight.purge.edges.cdn.token", SECRET),
                        entry("safelight.data", data.toString()),
                        entry("safelight.work.folder", data.resolve("work").toString())))
                .run(database.arguments());
        admin = new ApiUser(
                URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port")),
                Files.readString(data.resolve("admin.key")).strip());
    }

    @AfterAll
    void stop() {
        admin.close();
        context.close();
        edges.stop();
    }

    @BeforeEach
    void accept() {
        edges.resetAll();
        edges.stubFor(post(urlPathEqualTo(SHIELD)).willReturn(aResponse().withStatus(204)));
        edges.stubFor(post(urlPathEqualTo(CDN)).willReturn(okJson(SUCCESS)));
    }

    private String order(String order) {
        return admin.post("/v1/purges", order).expect(202).json().path("id").asString();
    }

    private JsonNode get(String id) {
        return admin.get("/v1/purges/" + id).expect(200).json();
    }

    private JsonNode awaitState(String id, String state) {
        return await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> get(id), purge -> purge.path("state").asString().equals(state));
    }

    private static JsonNode edge(JsonNode purge, String name) {
        for (JsonNode edge : purge.path("edges")) {
            if (edge.path("name").asString().equals(name)) {
                return edge;
            }
        }
        throw new AssertionError("no edge " + name + " in " + purge);
    }

    private List<LoggedRequest> requests(String path) {
        return edges.findAll(anyRequestedFor(anyUrl())).stream()
                .filter(request -> request.getUrl().equals(path))
                .toList();
    }

    @Test
    void goesFromTheInsideToTheOutside() {
        String id = order("{\"by\":\"tag\",\"values\":[\"space-product\"]}");

        JsonNode done = awaitState(id, "DONE");

        assertThat(edge(done, "shield").path("kind").asString()).isEqualTo("nginx");
        assertThat(edge(done, "cdn").path("state").asString()).isEqualTo("DONE");
        String node = done.at("/nodes/0/confirmedAt").asString();
        String shield = edge(done, "shield").path("endedAt").asString();
        String cdn = edge(done, "cdn").path("endedAt").asString();
        assertThat(Instant.parse(node)).isBefore(Instant.parse(shield));
        assertThat(Instant.parse(shield)).isBefore(Instant.parse(cdn));
        assertThat(requests(SHIELD)).extracting(LoggedRequest::getBodyAsString).containsExactly("tag space-product\n");
        assertThat(requests(CDN))
                .extracting(LoggedRequest::getBodyAsString)
                .containsExactly("{\"tags\":[\"space-product\"]}");
    }

    @Test
    void triesAgainWhatFailedAndSaysWhy() {
        edges.stubFor(post(urlPathEqualTo(CDN)).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
        String id = order("{\"by\":\"prefix\",\"values\":[\"/images/\"]}");

        JsonNode retrying = await().atMost(Duration.ofSeconds(10))
                .until(
                        () -> get(id),
                        purge -> edge(purge, "cdn").path("state").asString().equals("RETRYING"));
        assertThat(retrying.path("state").asString()).isEqualTo("RUNNING");
        assertThat(edge(retrying, "cdn").path("detail").asString()).isEqualTo("the connection broke");
        assertThat(edge(retrying, "cdn").path("nextAt").asString()).isNotEmpty();
        assertThat(edge(retrying, "shield").path("state").asString()).isEqualTo("DONE");

        edges.stubFor(
                post(urlPathEqualTo(CDN)).willReturn(aResponse().withStatus(429).withHeader("Retry-After", "4")));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> edge(get(id), "cdn").path("detail").asString().equals("HTTP 429"));
        int before = requests(CDN).size();
        accept();
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(3))
                .until(() -> requests(CDN).isEmpty());
        JsonNode done = awaitState(id, "DONE");
        assertThat(before).isPositive();
        assertThat(edge(done, "cdn").path("attempts").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(edge(done, "cdn").has("detail")).isFalse();
    }

    @Test
    void failsForGoodWhereItIsLockedOutAndIsTriedAgainByHand() {
        try (CapturedLog log = new CapturedLog()) {
            edges.stubFor(post(urlPathEqualTo(CDN))
                    .willReturn(aResponse()
                            .withStatus(403)
                            .withBody("{\"success\":false,\"errors\":[{\"code\":10000,\"message\":\"bad " + SECRET
                                    + "\"}]}")));
            String id = order("{\"by\":\"everything\"}");

            JsonNode failed = awaitState(id, "FAILED");
            assertThat(edge(failed, "cdn").path("detail").asString())
                    .isEqualTo("HTTP 403 (10000): the credentials are not accepted");
            assertThat(failed.toString()).doesNotContain(SECRET);
            accept();
            Reply again = admin.post("/v1/purges/" + id + "/retry", "");
            assertThat(again.status()).isEqualTo(200);
            awaitState(id, "DONE");
            assertThat(log.text()).contains("credentials").doesNotContain(SECRET);
        }
    }

    @Test
    void refusesOneAndNotItsNeighbours() {
        edges.stubFor(post(urlPathEqualTo(CDN))
                .withRequestBody(containing("tag-that-is-refused"))
                .willReturn(aResponse()
                        .withStatus(400)
                        .withBody("{\"success\":false,\"errors\":[{\"code\":1147,\"message\":\"no\"}]}")));
        String refused = order("{\"by\":\"tag\",\"values\":[\"tag-that-is-refused\"]}");
        String other = order("{\"by\":\"tag\",\"values\":[\"another-tag\"]}");

        awaitState(other, "DONE");
        JsonNode failed = awaitState(refused, "FAILED");

        assertThat(edge(failed, "cdn").path("detail").asString()).isEqualTo("HTTP 400 (1147)");
        assertThat(edge(failed, "shield").path("state").asString()).isEqualTo("DONE");
    }

    @Test
    void tellsTheOuterOnceMoreWhenTheInnerWasLate() {
        edges.stubFor(post(urlPathEqualTo(SHIELD)).willReturn(aResponse().withStatus(503)));
        String id = order("{\"by\":\"tag\",\"values\":[\"late\"]}");
        // It does not wait for the shield for ever.
        await().atMost(Duration.ofSeconds(20))
                .until(() -> edge(get(id), "cdn").path("state").asString().equals("DONE"));
        assertThat(requests(CDN)).hasSize(1);

        accept();
        awaitState(id, "DONE");

        await().atMost(Duration.ofSeconds(5)).until(() -> requests(CDN).size() == 1);
    }

    @Test
    void putsManyIntoFewRequests() {
        JdbcClient sql = context.getBean(JdbcClient.class);
        edges.stubFor(post(urlPathEqualTo(SHIELD))
                .willReturn(aResponse().withStatus(204).withFixedDelay(1_000)));
        List<String> ids = IntStream.range(0, 60)
                .mapToObj(i -> order("{\"by\":\"tag\",\"values\":[\"many-" + i + "\"]}"))
                .toList();

        ids.forEach(id -> awaitState(id, "DONE"));

        assertThat(requests(SHIELD)).hasSizeLessThan(15);
        assertThat(sql.sql("select count(*) from dead_job where kind = 'purge-edge'")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void comesToTheEndOfMoreRequestsThanAnEdgeTakesAtOnce() {
        String address = "/pullzone/123456/purgeCache";
        edges.stubFor(post(urlPathEqualTo(address)).willReturn(aResponse().withStatus(204)));
        Edges own = new Edges(
                EdgeContract.bind(Map.of(
                        "kind", "bunny", "url", "http://127.0.0.1:" + edges.port(), "zone", "123456", "token", SECRET)),
                InstantSource.system());
        EdgeRepository repository = context.getBean(EdgeRepository.class);
        PurgeEdge teller = new PurgeEdge(own, repository, InstantSource.system(), new SimpleMeterRegistry());
        repository.seen(own.find("mine").orElseThrow());
        try {
            List<String> tags =
                    IntStream.range(0, 22).mapToObj(i -> "\"burst-" + i + "\"").toList();
            String large = order("{\"by\":\"tag\",\"values\":" + tags + "}");
            String later = order("{\"by\":\"tag\",\"values\":[\"after-burst\"]}");

            await().atMost(Duration.ofSeconds(40)).until(() -> {
                teller.run(new JobRun("mine", false));
                return edge(get(later), "mine").path("state").asString().equals("DONE");
            });

            assertThat(edge(get(large), "mine").path("state").asString()).isEqualTo("DONE");
            assertThat(requests(address))
                    .extracting(LoggedRequest::getBodyAsString)
                    .hasSize(23)
                    .doesNotHaveDuplicates();
            awaitState(large, "DONE");
            awaitState(later, "DONE");
        } finally {
            teller.stop();
            context.getBean(JdbcClient.class)
                    .sql("delete from edge where name = 'mine'")
                    .update();
        }
    }

    /// No worker of the server has it, so that nobody else tells it anything.
    private static Edge unknownHere(String name, EdgeKind kind) {
        EdgeApi api = new FastlyApi(EdgeContract.bind(Map.of("kind", "fastly", "service", "s", "token", SECRET))
                .edges()
                .values()
                .iterator()
                .next());
        return new Edge(name, kind, api, new EdgeLimits(Map.of(), TimeMeter.SYSTEM_NANOTIME), Duration.ofSeconds(1));
    }

    @Test
    void whatTheOuterIsBeingToldWhenTheInnerEndsIsToldOnceMore() {
        EdgeRepository repository = context.getBean(EdgeRepository.class);
        JdbcClient sql = context.getBean(JdbcClient.class);
        Edge near = unknownHere("near", EdgeKind.VARNISH);
        Edge far = unknownHere("far", EdgeKind.FASTLY);
        repository.seen(near);
        repository.seen(far);
        try {
            String id = order("{\"by\":\"tag\",\"values\":[\"in-flight\"]}");
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            edge(get(id), "shield").path("state").asString().equals("DONE"));
            // So long ago that the outer one does not wait for the inner one any more.
            sql.sql("update purge set created_at = now() - interval '1 minute' where id = cast(:id as uuid)")
                    .param("id", id)
                    .update();
            List<EdgeRepository.Due> inFlight = repository.due(far, 10);

            repository.done(near, repository.due(near, 10));
            repository.done(far, inFlight);

            assertThat(edge(get(id), "near").path("state").asString()).isEqualTo("DONE");
            assertThat(edge(get(id), "far").path("state").asString()).isEqualTo("WAITING");
            repository.done(far, repository.due(far, 10));
            assertThat(edge(get(id), "far").path("state").asString()).isEqualTo("DONE");
            awaitState(id, "DONE");
        } finally {
            sql.sql("delete from edge where name in ('near', 'far')").update();
        }
    }

    @Test
    void saysWhatAnEdgeCannot() {
        context.getBean(EdgeRepository.class).seen(unknownHere("fastly", EdgeKind.FASTLY));
        String id = order("{\"by\":\"tag\",\"values\":[\"of-another-worker\"]}");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> edge(get(id), "shield").path("state").asString().equals("DONE"));
        // No worker here has that edge: it waits for one, until it is forgotten.
        assertThat(edge(get(id), "fastly").path("state").asString()).isEqualTo("WAITING");
        context.getBean(JdbcClient.class)
                .sql("update edge set seen_at = now() - interval '2 hours' where name = 'fastly'")
                .update();
        context.getBean(EdgeRepository.class).forgetUnseen(Duration.ofHours(1));
        JsonNode failed = awaitState(id, "FAILED");
        assertThat(edge(failed, "fastly").path("detail").asString()).contains("no worker has this edge any more");
    }
}
