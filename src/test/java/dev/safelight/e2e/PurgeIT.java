package dev.safelight.e2e;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Command;
import dev.safelight.testing.Fleet;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.Reply;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Several packaged processes with caches of their own on one database, and a CDN that a recorder plays.
@ExtendWith(ShowServerLog.class)
class PurgeIT {
    private static final List<String> ALL_KEYS = List.of("uploader", "worker", "marketing", "delivery", "renderer");
    private static final List<String> DELIVERY_KEYS = List.of("delivery", "renderer");
    private static final String SECRET = "a-token-of-a-cdn-that-nobody-may-see";
    private static final ResponseDefinitionBuilder SUCCESS =
            okJson("{\"success\":true,\"errors\":[],\"result\":{\"id\":\"z\"}}");
    private static final byte[] PICTURE = Pictures.jpeg(320, 240);

    private final WireMockServer cdn = new WireMockServer(options().dynamicPort());

    @TempDir
    Path folder = Path.of("");

    private Fleet fleet;

    @BeforeEach
    void start() {
        cdn.start();
        cdn.stubFor(post(anyUrl()).willReturn(SUCCESS));
        fleet = Fleet.in(folder);
    }

    @AfterEach
    void stop() {
        fleet.close();
        cdn.stop();
    }

    private SafelightProcess one() {
        return fleet.serve(
                "one",
                "api,worker,delivery",
                ALL_KEYS,
                Map.of(
                        "SAFELIGHT_JOBS_HEARTBEAT", "1s",
                        "SAFELIGHT_RENDER_KEEP", "all",
                        "SAFELIGHT_DELIVERY_CACHETAGS", "cache-tag",
                        "SAFELIGHT_PURGE_EDGES_CDN_KIND", "cloudflare",
                        "SAFELIGHT_PURGE_EDGES_CDN_URL", cdn.baseUrl(),
                        "SAFELIGHT_PURGE_EDGES_CDN_ZONE", "z",
                        "SAFELIGHT_PURGE_EDGES_CDN_HOSTS", "media.example",
                        "SAFELIGHT_PURGE_EDGES_CDN_PERMINUTE", "6000",
                        "SAFELIGHT_PURGE_EDGES_CDN_TOKEN", SECRET));
    }

    private SafelightProcess two() {
        return fleet.serve("two", "delivery", DELIVERY_KEYS, Map.of());
    }

    private static JsonNode order(ApiUser admin, String order) {
        return admin.post("/v1/purges", order).expect(202).json();
    }

    private static JsonNode awaitEnd(ApiUser admin, JsonNode purge) {
        return await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> admin.get("/v1/purges/" + purge.path("id").asString())
                                .expect(200)
                                .json(),
                        state -> !state.path("state").asString().equals("RUNNING"));
    }

    /// Where a picture on request came from, as it says itself.
    private static String origin(ApiUser reader, String path) {
        Reply reply = reader.get(path).expect(200);
        return reply.header("Server-Timing");
    }

    private static boolean isDrawn(String origin) {
        return origin.contains("render");
    }

    @Test
    void isDoneOnAllNodesWithinASecondAndByOneThatWasAwayBeforeItServes() throws Exception {
        SafelightProcess one = one();
        SafelightProcess two = two();
        try (ApiUser admin = one.admin();
                ApiUser reader = new ApiUser(two.url(), one.adminKey())) {
            String asset = admin.upload(UploadOrder.jpeg("a.jpg", PICTURE.length), PICTURE)
                    .path("id")
                    .asString();
            String path = "/images/" + asset + "?width=96";
            assertThat(isDrawn(origin(admin, path))).isTrue();
            assertThat(isDrawn(origin(reader, path))).isTrue();
            assertThat(isDrawn(origin(admin, path))).isFalse();
            assertThat(isDrawn(origin(reader, path))).isFalse();
            assertThat(admin.get(path).header("Cache-Tag"))
                    .isEqualTo("asset-%1$s,asset-%1$s-v1,space-product".formatted(asset));

            JsonNode done = awaitEnd(admin, order(admin, "{\"by\":\"asset\",\"values\":[\"%s\"]}".formatted(asset)));

            assertThat(done.path("state").asString()).isEqualTo("DONE");
            assertThat(done.path("nodes").size()).isEqualTo(2);
            Instant created = Instant.parse(done.path("createdAt").asString());
            done.path("nodes").forEach(node -> {
                assertThat(node.path("state").asString()).isEqualTo("CONFIRMED");
                Instant confirmed = Instant.parse(node.path("confirmedAt").asString());
                System.out.printf(
                        "purge: one of two nodes confirmed it after %d ms%n",
                        Duration.between(created, confirmed).toMillis());
                assertThat(confirmed).isBefore(created.plusSeconds(10));
            });
            assertThat(isDrawn(origin(admin, path))).isTrue();
            assertThat(isDrawn(origin(reader, path))).isTrue();
            assertThat(isDrawn(origin(reader, path))).isFalse();
            assertThat(tags()).contains("asset-" + asset);

            two.kill();
            JsonNode without = order(admin, "{\"by\":\"everything\"}");
            JsonNode waiting = awaitEnd(admin, without);
            assertThat(waiting.path("state").asString()).isEqualTo("DONE");
            assertThat(states(waiting)).containsExactlyInAnyOrder("CONFIRMED", "AWAY");

            // Neither from its disk, nor from the bucket, where it still lies.
            assertThat(isDrawn(origin(admin, path))).isTrue();

            SafelightProcess back = two();
            try (ApiUser again = new ApiUser(back.url(), one.adminKey())) {
                // Its first answer is new already.
                assertThat(isDrawn(origin(again, path))).isTrue();
                assertThat(states(awaitEnd(admin, without))).containsExactly("CONFIRMED", "CONFIRMED");
                assertThat(back.stop()).isEqualTo(143);
            }
            // One that is forgotten, like one that is new, begins with nothing.
            assertThat(fleet.sql()
                            .sql("delete from node where run <> id and name like '%-' || :pid")
                            .param("pid", String.valueOf(back.pid()))
                            .update())
                    .isEqualTo(1);
            SafelightProcess forgotten = two();
            try (ApiUser again = new ApiUser(forgotten.url(), one.adminKey())) {
                assertThat(isDrawn(origin(again, path))).isTrue();
            }
            rejectsWithoutBeingAsked(admin, asset);
            worksFromTheCommandLine(one, asset);
        }
    }

    private static List<String> states(JsonNode purge) {
        List<String> states = new ArrayList<>();
        purge.path("nodes").forEach(node -> states.add(node.path("state").asString()));
        return states;
    }

    private String tags() {
        return cdn.findAll(anyRequestedFor(anyUrl())).stream()
                .map(LoggedRequest::getBodyAsString)
                .collect(Collectors.joining("\n"));
    }

    private void rejectsWithoutBeingAsked(ApiUser admin, String asset) {
        cdn.resetRequests();
        admin.post("/v1/assets/" + asset + "/moderation", "{\"status\":\"rejected\",\"version\":1}");
        await().atMost(Duration.ofSeconds(10)).until(() -> tags().contains("asset-" + asset));
        JsonNode purge = admin.get("/v1/purges?limit=1").expect(200).json().at("/purges/0");
        assertThat(purge.path("cause").asString()).isEqualTo("withdrawal");
        assertThat(purge.path("values").get(0).asString()).isEqualTo(asset);
    }

    @Test
    void purgesWhatIsWithdrawnOnceTheCredentialsAreMendedWhoeverDiesMeanwhile() throws Exception {
        cdn.stubFor(post(anyUrl())
                .willReturn(aResponse().withStatus(403).withBody("{\"success\":false,\"errors\":[{\"code\":10000}]}")));
        SafelightProcess one = one();
        String asset;
        String id;
        try (ApiUser admin = one.admin()) {
            asset = admin.upload(UploadOrder.jpeg("a.jpg", PICTURE.length), PICTURE)
                    .path("id")
                    .asString();
            admin.post("/v1/assets/" + asset + "/moderation", "{\"status\":\"rejected\",\"version\":1}");
            id = admin.get("/v1/purges?limit=1")
                    .expect(200)
                    .json()
                    .at("/purges/0/id")
                    .asString();
        }
        String refused = "RETRYING: HTTP 403 (10000): the credentials are not accepted";
        Map<String, String> key = key(one);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Command.run(key, "purge", "show", id).out().contains(refused));

        one.kill();
        one = one();
        Map<String, String> again = key(one);
        assertThat(Command.run(again, "purge", "show", id).out()).contains(id + "  RUNNING", refused);
        cdn.resetAll();
        cdn.stubFor(post(anyUrl()).willReturn(SUCCESS));
        Command retried = Command.run(again, "purge", "retry", id);
        assertThat(retried.exitCode()).as(retried.err()).isZero();
        Command watched = Command.run(again, "purge", "watch", id, "--timeout", "60");

        assertThat(watched.exitCode()).as(watched.out() + watched.err()).isZero();
        assertThat(tags()).contains("asset-" + asset);
        assertThat(one.log()).contains("The edge cdn takes nothing from here").doesNotContain(SECRET);
    }

    private static Map<String, String> key(SafelightProcess one) {
        return Map.of(
                "SAFELIGHT_KEY", one.adminKey(), "SAFELIGHT_URL", one.url().toString());
    }

    private void worksFromTheCommandLine(SafelightProcess one, String asset) {
        Map<String, String> key = key(one);
        Command waited = Command.run(key, "purge", "--asset", asset, "--wait");
        assertThat(waited.exitCode()).as(waited.err()).isZero();
        assertThat(waited.out()).contains("DONE", "by asset " + asset, "CONFIRMED", "edge cdn");
        Command json = Command.run(key, "purge", "--tag", "space-product", "--tag", "space-user", "--json");
        assertThat(json.exitCode()).isZero();
        assertThat(json.out()).contains("\"by\" : \"tag\"", "space-user").doesNotContain(SECRET);
        assertThat(Command.run(key, "purge").exitCode()).isEqualTo(2);
        assertThat(Command.run(key, "purge", "--everything", "--sku", "x").exitCode())
                .isEqualTo(2);
        Command refused = Command.run(key, "purge", "--tag", "Not A Tag");
        assertThat(refused.exitCode()).isEqualTo(4);
        assertThat(refused.err()).contains("A tag has 1 to 128 small letters");
        Command unknown = Command.run(key, "purge", "show", "0199d3a4-5b6c-7d8e-9f00-112233445566");
        assertThat(unknown.exitCode()).isEqualTo(4);
        String id = waited.out().split(" ", 2)[0];
        Command shown = Command.run(key, "purge", "show", id);
        assertThat(shown.exitCode()).isZero();
        assertThat(shown.out()).isEqualTo(waited.out());
        Command watched = Command.run(key, "purge", "watch", id, "--json", "--timeout", "60");
        assertThat(watched.exitCode()).isZero();
        assertThat(watched.out()).contains("\"state\" : \"DONE\"", id);
        Command nothing = Command.run(key, "purge", "retry", id);
        assertThat(nothing.exitCode()).isEqualTo(4);
        assertThat(nothing.err()).contains("nothing to be tried again");
    }

    @Test
    @Tag("slow")
    void losesNoPurgeHoweverOftenAWorkerIsKilled() throws Exception {
        cdn.stubFor(post(anyUrl())
                .willReturn(okJson("{\"success\":true,\"errors\":[],\"result\":{\"id\":\"z\"}}")
                        .withFixedDelay(150)));
        List<JsonNode> purges = new ArrayList<>();
        SafelightProcess one = one();
        String key = one.adminKey();
        for (int life = 0; life < 3; life++) {
            try (ApiUser admin = new ApiUser(one.url(), key)) {
                for (int i = 0; i < 15; i++) {
                    purges.add(order(admin, "{\"by\":\"tag\",\"values\":[\"kill-%d\"]}".formatted(purges.size())));
                }
                await().atMost(Duration.ofSeconds(20)).until(() -> tags().contains("kill-"));
            }
            one.kill();
            one = one();
        }
        try (ApiUser admin = new ApiUser(one.url(), key)) {
            purges.forEach(purge ->
                    assertThat(awaitEnd(admin, purge).path("state").asString()).isEqualTo("DONE"));
        }
        String told = tags();
        for (int i = 0; i < purges.size(); i++) {
            assertThat(told).contains("\"kill-" + i + "\"");
        }
        assertThat(fleet.sql()
                        .sql("select count(*) from dead_job")
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(one.log()).doesNotContain(SECRET);
    }
}
