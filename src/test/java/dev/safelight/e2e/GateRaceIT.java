package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Fleet;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// Two hundred readers on two nodes race with whoever withdraws what they read: a read that begins after the
/// decision was acknowledged gets nothing of it, though no node is told of anything.
@ExtendWith(ShowServerLog.class)
class GateRaceIT {
    private static final int READERS = 200;
    private static final int ROUNDS = 3;
    private static final Duration AFTERWARDS = Duration.ofMillis(500);
    private static final List<String> ALL = List.of("uploader", "worker", "marketing", "delivery", "renderer");

    @TempDir
    Path folder = Path.of("");

    /// A read that was answered with content.
    private record Read(URI address, long began, int status) {}

    @Test
    void nothingIsDeliveredOnceItsWithdrawalIsAcknowledged() throws Exception {
        byte[] picture = Pictures.jpeg(640, 480);
        try (Fleet fleet = Fleet.in(folder)) {
            SafelightProcess first = fleet.serve("first", "api,worker,delivery", ALL, Map.of());
            SafelightProcess second = fleet.serve("second", "api,worker,delivery", ALL, Map.of());
            try (ApiUser admin = first.admin();
                    ApiUser other = new ApiUser(second.url(), first.adminKey())) {
                String asset = admin.upload(UploadOrder.jpeg("a.jpg", picture.length), picture)
                        .path("id")
                        .asString();
                // Messages between nodes are lost: what holds must hold without.
                muteNews(fleet.sql());
                awaitNewSessions(asset, admin, other);
                List<URI> addresses = addresses(admin, asset, first, second);
                for (int round = 0; round < ROUNDS; round++) {
                    race(addresses, () -> moderate(admin, asset, "rejected"));
                    moderate(admin, asset, "approved");
                    race(
                            addresses,
                            () -> admin.send("DELETE", "/v1/assets/" + asset, HttpRequest.BodyPublishers.noBody())
                                    .expect(204));
                    admin.post("/v1/assets/" + asset + "/restore", "").expect(204);
                }
            }
        }
    }

    /// Takes the place of the function that tells listeners, for all sessions that come.
    private static void muteNews(JdbcClient sql) {
        sql.sql("create schema muted").update();
        sql.sql("""
                create function muted.pg_notify(text, text) returns void language plpgsql as 'begin end'
                """).update();
        sql.sql("alter database fleet set search_path = muted, pg_catalog, public")
                .update();
        sql.sql("""
                select pg_terminate_backend(pid) from pg_stat_activity
                where datname = 'fleet' and pid <> pg_backend_pid()
                """).query(Boolean.class).list();
    }

    /// Sessions that were used a moment ago are tried without a look at whether they still are.
    private static void awaitNewSessions(String asset, ApiUser... nodes) {
        for (ApiUser node : nodes) {
            await().pollDelay(Duration.ofSeconds(1))
                    .untilAsserted(() -> node.get("/v1/assets/" + asset).expect(200));
        }
    }

    private static void moderate(ApiUser admin, String asset, String status) {
        admin.post("/v1/assets/" + asset + "/moderation", "{\"status\":\"" + status + "\",\"version\":1}")
                .expect(200);
    }

    private static List<URI> addresses(ApiUser admin, String asset, SafelightProcess... nodes) {
        List<String> paths = new ArrayList<>();
        for (JsonNode variant : admin.asset(asset).path("variants")) {
            String url = variant.path("url").asString();
            paths.add(url.substring(url.indexOf("/media/")));
        }
        paths.add("/images/" + asset + "?width=96");
        paths.add("/images/" + asset + "?width=320&format=webp");
        return List.of(nodes).stream()
                .flatMap(node -> paths.stream().map(path -> node.url().resolve(path)))
                .toList();
    }

    private static void race(List<URI> addresses, Runnable withdraw) throws Exception {
        Queue<Read> served = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger reads = new AtomicInteger();
        try (HttpClient http = HttpClient.newHttpClient();
                var readers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int reader = 0; reader < READERS; reader++) {
                URI address = addresses.get(reader % addresses.size());
                all.add(readers.submit(() -> {
                    while (!over.get()) {
                        read(http, address, served);
                        reads.incrementAndGet();
                    }
                    return null;
                }));
            }
            try {
                await().atMost(Duration.ofSeconds(30))
                        .until(() ->
                                served.stream().map(Read::address).distinct().count() == addresses.size());
                withdraw.run();
                long acknowledged = System.nanoTime();
                int before = reads.get();
                Thread.sleep(AFTERWARDS);
                over.set(true);
                for (Future<?> reader : all) {
                    reader.get();
                }
                assertThat(reads.get() - before).as("reads after the decision").isGreaterThan(READERS);
                assertThat(served.stream().filter(read -> read.began() - acknowledged > 0))
                        .as("reads that began after the decision and got content")
                        .isEmpty();
            } finally {
                over.set(true);
            }
        }
    }

    private static void read(HttpClient http, URI address, Queue<Read> served)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        HttpResponse<Void> answer = http.send(
                HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(30)).build(), BodyHandlers.discarding());
        if (answer.statusCode() < 400) {
            served.add(new Read(address, began, answer.statusCode()));
        }
    }
}
