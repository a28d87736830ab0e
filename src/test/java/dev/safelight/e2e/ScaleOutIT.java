package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Command;
import dev.safelight.testing.Fleet;
import dev.safelight.testing.Grant;
import dev.safelight.testing.PartedUpload;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.Reply;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Several processes on one database and one store.
@ExtendWith(ShowServerLog.class)
class ScaleOutIT {
    private static final String READY = "/actuator/health/readiness";
    private static final byte[] PICTURE = Pictures.jpeg(320, 240);

    @TempDir
    Path folder = Path.of("");

    private Fleet fleet;

    @BeforeEach
    void start() {
        fleet = Fleet.in(folder);
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    @Test
    void eachRoleDoesItsWorkWithItsOwnKeysAlone() {
        SafelightProcess api = fleet.serve("api", "api", List.of("uploader"), Map.of());
        SafelightProcess worker = fleet.serve("worker", "worker", List.of("uploader", "worker", "marketing"), Map.of());
        SafelightProcess delivery = fleet.serve("delivery", "delivery", List.of("delivery", "renderer"), Map.of());
        try (ApiUser admin = api.admin();
                ApiUser reader = new ApiUser(delivery.url(), api.adminKey());
                ApiUser probe = new ApiUser(worker.url(), api.adminKey())) {
            String whole = admin.upload(UploadOrder.jpeg("a.jpg", PICTURE.length), PICTURE)
                    .path("id")
                    .asString();
            byte[] large = Pictures.heavyJpeg((5 << 20) + 99, 3);
            PartedUpload parted = PartedUpload.begin(admin, UploadOrder.jpeg("b.jpg", large.length), large)
                    .sendAll();
            parted.complete().expect(202);
            parted.complete().expect(202);
            assertThat(parted.awaitEnd().path("status").asString()).isEqualTo("READY");
            byte[] gif = Pictures.animatedGif(60, 40, 3, 10);
            String moving = admin.upload(UploadOrder.of("c.gif", "image/gif", gif.length), gif)
                    .path("id")
                    .asString();

            // The first from its mezzanine or original, the last from the original alone.
            reader.get("/images/" + whole + "?width=96").expect(200);
            reader.get("/images/" + moving + "?width=32").expect(200);
            String media = mediaPath(admin, whole);
            reader.get(media).expect(200);
            for (ApiUser each : List.of(admin, reader, probe)) {
                each.get(READY).expect(200);
                assertThat(each.get("/actuator/prometheus").expect(200).text())
                        .contains("safelight_role{role=\"api\"}");
            }
            reader.get("/v1/assets/" + whole).expect(404);
            probe.get("/v1/assets/" + whole).expect(404);
            probe.get(media).expect(404);
            admin.get(media).expect(404);
            admin.get("/images/" + whole + "?width=96").expect(404);

            tellsOtherProcessesOfADecision(admin, reader, whole, media);
        }
    }

    private static String mediaPath(ApiUser admin, String asset) {
        String url = admin.asset(asset).at("/variants/0/url").asString();
        return url.substring(url.indexOf("/media/"));
    }

    private void tellsOtherProcessesOfADecision(ApiUser admin, ApiUser reader, String asset, String media) {
        reader.get(media).expect(200);
        moderate(admin, asset, "rejected");
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofMillis(900))
                .until(() -> reader.get(media).status() == 404);
        await().until(() -> reader.get("/actuator/prometheus").text().contains("safelight_news_connected 1.0"));

        int before = listeners().size();
        listeners()
                .forEach(pid -> fleet.sql()
                        .sql("select pg_terminate_backend(:pid)")
                        .param("pid", pid)
                        .query(Boolean.class)
                        .single());
        assertThat(before).isEqualTo(1);
        moderate(admin, asset, "approved");
        await().atMost(Duration.ofSeconds(5)).until(() -> reader.get(media).status() == 200);
        await().until(() -> listeners().size() == 1);
        moderate(admin, asset, "rejected");
        await().atMost(Duration.ofSeconds(2)).until(() -> reader.get(media).status() == 404);
    }

    private static void moderate(ApiUser admin, String asset, String status) {
        Reply answer = admin.post(
                "/v1/assets/" + asset + "/moderation", "{\"status\":\"%s\",\"version\":1}".formatted(status));
        assertThat(answer.status()).as(answer.text()).isBetween(200, 204);
    }

    /// Backends that listen; each keeps its connection for that alone.
    private List<Integer> listeners() {
        return fleet.sql()
                .sql("select pid from pg_stat_activity where datname = 'fleet' and query ilike 'listen %'")
                .query(Integer.class)
                .list();
    }

    @Test
    void refusesToStartWithoutAKeyThatARoleNeeds() {
        Command api = serve(fleet.environment(List.of("delivery"), Map.of()), "--roles", "api");
        assertThat(api.err()).contains("safelight.s3.keys.uploader");
        assertThat(api.exitCode()).isEqualTo(2);
        Command kept = serve(
                fleet.environment(List.of("delivery", "renderer"), Map.of("SAFELIGHT_RENDER_KEEP", "all")),
                "--roles",
                "delivery");
        assertThat(kept.err()).contains("safelight.s3.keys.worker");
        Command embedded = serve(Map.of(), "--roles", "api,delivery");
        assertThat(embedded.err()).contains("safelight.roles", "the embedded database");
        assertThat(embedded.exitCode()).isEqualTo(2);
        Command twice = serve(Map.of(), "--roles", "api,api");
        assertThat(twice.err()).contains("names api twice");
        Command old = serve(
                fleet.environment(List.of("uploader"), Map.of("SAFELIGHT_JOBS_WORKER", "false")), "--roles", "api");
        assertThat(old.err()).contains("safelight.jobs.worker is now called safelight.roles");
    }

    private Command serve(Map<String, String> environment, String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "serve", "--port", "0", "--data", folder.resolve("refused").toString()));
        all.addAll(List.of(arguments));
        return Command.run(environment, all.toArray(String[]::new));
    }

    /// As behind a load balancer that sends nothing to a process that says it is not ready.
    @Test
    void losesNothingWhenProcessesAreReplacedOrKilled() throws Exception {
        List<String> keys = List.of("uploader", "worker", "marketing");
        Map<String, String> settings = Map.of("SAFELIGHT_STOP_NOTICE", "2s", "SAFELIGHT_JOBS_HEARTBEAT", "1s");
        SafelightProcess first = fleet.serve("one", "api,worker", keys, settings);
        SafelightProcess second = fleet.serve("two", "api,worker", keys, settings);
        String key = first.adminKey();
        List<Grant> accepted = Collections.synchronizedList(new ArrayList<>());
        List<String> failures = Collections.synchronizedList(new ArrayList<>());
        AtomicBoolean loading = new AtomicBoolean(true);
        AtomicInteger turn = new AtomicInteger();
        Thread load = Thread.ofVirtual().start(() -> {
            try (ApiUser one = new ApiUser(first.url(), key);
                    ApiUser two = new ApiUser(second.url(), key)) {
                List<ApiUser> targets = List.of(one, two);
                while (loading.get()) {
                    ApiUser target = targets.get(turn.getAndIncrement() % 2);
                    if (!isReady(target)) {
                        continue;
                    }
                    Reply answer = target.post(
                            "/v1/uploads",
                            UploadOrder.jpeg("x.jpg", PICTURE.length).json());
                    if (answer.status() == 201) {
                        Grant grant = Grant.of(answer.json());
                        target.sendForm(grant, PICTURE);
                        accepted.add(grant);
                    } else {
                        failures.add(answer.status() + " " + answer.text());
                    }
                }
            } catch (RuntimeException broken) {
                failures.add(broken.toString());
            }
        });
        await().atMost(Duration.ofSeconds(60)).until(() -> accepted.size() >= 10);
        assertThat(first.stop()).isEqualTo(143);
        int atStop = accepted.size();
        await().atMost(Duration.ofSeconds(60)).until(() -> accepted.size() >= atStop + 10 || !load.isAlive());
        loading.set(false);
        load.join();
        assertThat(failures).isEmpty();
        // One that starts while the other dies takes its jobs over.
        SafelightProcess third = fleet.serve("three", "api,worker", keys, settings);
        second.kill();
        try (ApiUser user = new ApiUser(third.url(), key)) {
            accepted.forEach(grant ->
                    assertThat(user.awaitEnd(grant).path("status").asString()).isEqualTo("READY"));
        }
        assertThat(fleet.sql()
                        .sql("select count(*) from dead_job")
                        .query(Integer.class)
                        .single())
                .isZero();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> fleet.sql()
                                .sql("select count(*) from scheduled_tasks where picked and picked_by not like :alive")
                                .param("alive", "%-" + third.pid() + "-%")
                                .query(Integer.class)
                                .single()
                        == 0);
    }

    private static boolean isReady(ApiUser target) {
        try {
            return target.get(READY).status() == 200;
        } catch (RuntimeException gone) {
            return false;
        }
    }
}
