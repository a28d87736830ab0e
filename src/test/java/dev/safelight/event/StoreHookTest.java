package dev.safelight.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.testing.AtOnce;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.StoreNotification;
import dev.safelight.testing.TestServer;
import dev.safelight.testing.UploadedThroughForm;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

class StoreHookTest {
    private static final String HOOK = "/v1/hooks/store";
    private static final Path HOSTILE = Path.of("src/test/resources/hostile/notifications");
    private static final Duration SOON = Duration.ofSeconds(60);

    private final TestServer server = TestServer.shared();
    private final JdbcClient jdbc = server.bean(JdbcClient.class);
    private final byte[] picture = Pictures.jpeg(64, 48);

    private HttpResponse<String> push(String body) {
        try {
            return server.post(HOOK, body, TestServer.STORE_SECRETS.get(1));
        } catch (IOException failed) {
            throw new AssertionError(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    private JsonNode grant() throws Exception {
        return TestServer.json(server.post(
                "/v1/uploads",
                "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":%d}".formatted(picture.length)));
    }

    private String key(JsonNode upload) {
        return jdbc.sql("select object_key from upload where id = :id")
                .param("id", UUID.fromString(upload.path("uploadId").asString()))
                .query(String.class)
                .single();
    }

    private int known(String key) {
        return jdbc.sql("select count(*) from store_event where object_key = :key")
                .param("key", key)
                .query(Integer.class)
                .single();
    }

    private double counted(String outcome) {
        return server.bean(MeterRegistry.class)
                .counter("safelight.events", "source", "webhook", "outcome", outcome)
                .count();
    }

    @Test
    void opensWithItsSecretsAndTheSecretsOpenNothingElse() throws Exception {
        String body = StoreNotification.of("raw/a.jpg", "e", "1").json();

        for (String secret : TestServer.STORE_SECRETS) {
            assertThat(server.post(HOOK, body, secret).statusCode()).isEqualTo(204);
            assertThat(server.post("/v1/uploads", "{}", secret).statusCode()).isEqualTo(401);
            assertThat(server.post(HOOK + "/", body, secret).statusCode()).isEqualTo(401);
        }
        for (String wrong : List.of(server.adminKey(), "x".repeat(40))) {
            HttpResponse<String> refused = server.post(HOOK, body, wrong);
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.body())
                    .contains("safelight.events.webhook.secrets")
                    .doesNotContain(wrong);
        }
        assertThat(TestServer.send(HttpRequest.newBuilder(server.url(HOOK))
                                .POST(HttpRequest.BodyPublishers.ofString(body)))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void asksForItsSecretBeforeItLooksAtTheType() throws Exception {
        HttpRequest.Builder form = HttpRequest.newBuilder(server.url(HOOK))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("{\"Records\":[]}&%"));

        assertThat(TestServer.send(form).statusCode()).isEqualTo(401);
        String secret = TestServer.STORE_SECRETS.get(0);
        HttpResponse<String> known = TestServer.send(form.header("Authorization", "Bearer " + secret));
        assertThat(known.statusCode()).isEqualTo(415);
        assertThat(known.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    @Test
    void ignoresWhatIsNobodysBusiness() throws Exception {
        String key = key(grant());
        double before = counted("ignored");

        assertThat(push(StoreNotification.json(List.of(
                                StoreNotification.of("raw/never/granted.jpg", "e", "1"),
                                StoreNotification.of("raw/../" + key, "e", "1"),
                                StoreNotification.of("../../etc/passwd", "e", "1"),
                                StoreNotification.of("raw/nul%00.jpg", "e", "1"),
                                StoreNotification.of("k".repeat(5000), "e", "1"),
                                StoreNotification.of(key, "e", "1").in("another"))))
                        .statusCode())
                .isEqualTo(204);

        assertThat(counted("ignored") - before).isEqualTo(6);
        assertThat(known(key)).isZero();
        assertThat(jdbc.sql("select count(*) from store_event where object_key like '%granted%' or bucket <> 'raw'")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void anEventOfAnObjectThatIsGoneLeavesTheUploadOpen() throws Exception {
        JsonNode upload = grant();
        String key = key(upload);

        assertThat(push(StoreNotification.of(key, "e", "1").json()).statusCode())
                .isEqualTo(204);

        await().atMost(SOON).until(() -> jobs(upload) == 0);
        assertThat(known(key)).isEqualTo(1);
        assertThat(UploadedThroughForm.state(server, upload.path("uploadId").asString())
                        .path("status")
                        .asString())
                .isEqualTo("PENDING");
    }

    private int jobs(JsonNode upload) {
        return jdbc.sql("select count(*) from scheduled_tasks where task_instance like :id")
                .param("id", upload.path("uploadId").asString() + "/%")
                .query(Integer.class)
                .single();
    }

    /// Ten times the same, in any order, from several sides, while the bytes arrive.
    @Test
    void settlesEachUploadOnceHoweverItIsTold() throws Exception {
        List<JsonNode> uploads = new ArrayList<>();
        List<StoreNotification> told = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            JsonNode upload = grant();
            uploads.add(upload);
            List<StoreNotification> different = List.of(
                    StoreNotification.of(key(upload), "e1", "01"),
                    StoreNotification.of(key(upload), "e1", "02").from("ceph:s3"),
                    StoreNotification.of(key(upload).replace("/", "%2F"), "e2", "01")
                            .from("minio:s3"));
            IntStream.range(0, 10).forEach(time -> told.addAll(different));
        }

        List<List<Integer>> answers = AtOnce.run(5, side -> side == 0 ? send(uploads) : tell(told, new Random(side)));

        assertThat(answers.subList(1, 5))
                .allSatisfy(of -> assertThat(of).isNotEmpty().containsOnly(204));
        for (JsonNode upload : uploads) {
            await().atMost(SOON)
                    .until(() -> UploadedThroughForm.state(
                                    server, upload.path("uploadId").asString())
                            .path("status")
                            .asString()
                            .equals("READY"));
            await().atMost(SOON).until(() -> jobs(upload) == 0);
            assertThat(known(key(upload)))
                    .as("three pushed, one of the embedded store")
                    .isEqualTo(4);
            assertThat(jdbc.sql("select count(*) from job_run where kind = 'process' and instance = :id")
                            .param("id", upload.path("assetId").asString() + "/v1")
                            .query(Integer.class)
                            .single())
                    .isEqualTo(1);
        }
    }

    private List<Integer> send(List<JsonNode> uploads) {
        return uploads.stream()
                .map(upload -> {
                    try {
                        return UploadedThroughForm.form(upload, picture)
                                .send(HttpClient.newHttpClient())
                                .statusCode();
                    } catch (Exception failed) {
                        throw new AssertionError(failed);
                    }
                })
                .toList();
    }

    private List<Integer> tell(List<StoreNotification> told, Random random) {
        List<StoreNotification> order = new ArrayList<>(told);
        Collections.shuffle(order, random);
        List<Integer> answers = new ArrayList<>();
        for (int from = 0; from < order.size(); from += 10) {
            answers.add(
                    push(StoreNotification.json(order.subList(from, from + 10))).statusCode());
        }
        return answers;
    }

    @Test
    void asksForRepetitionWhileTheDatabaseFails() throws Exception {
        String key = key(grant());
        FailingInserts failing = FailingInserts.of(jdbc, key);

        HttpResponse<String> answer = push(StoreNotification.of(key, "e", "1").json());
        failing.end();

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(push(StoreNotification.of(key, "e", "1").json()).statusCode())
                .isEqualTo(204);
        assertThat(known(key)).isEqualTo(1);
    }

    static Stream<Path> hostile() throws IOException {
        try (Stream<Path> files = Files.list(HOSTILE)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void refusesHostileNotificationsWithAProblem(Path file) throws Exception {
        double before = refused();

        HttpResponse<String> answer = push(Files.readString(file));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body()).contains("This is not an S3 event notification");
        assertThat(refused() - before).isEqualTo(1);
    }

    private double refused() {
        return server.bean(MeterRegistry.class)
                .counter("safelight.notifications.refused", "source", "webhook")
                .count();
    }

    @Test
    void refusesWhatIsTooMuch() {
        StoreNotification one = StoreNotification.of("k", "e", "1");

        assertThat(push(StoreNotification.json(Collections.nCopies(1001, one))).statusCode())
                .isEqualTo(400);
        assertThat(push("[".repeat(200_000)).statusCode()).isEqualTo(400);
        assertThat(push("{\"a\":".repeat(100_000)).statusCode()).isEqualTo(400);
        assertThat(push("").statusCode()).isEqualTo(400);
        assertThat(push(" ".repeat((1 << 20) + 1)).statusCode()).isEqualTo(413);
        assertThat(push(StoreNotification.json(Collections.nCopies(1000, one))).statusCode())
                .isEqualTo(204);
    }
}
