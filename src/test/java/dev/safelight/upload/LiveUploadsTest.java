package dev.safelight.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.safelight.access.Caller;
import dev.safelight.access.Role;
import dev.safelight.asset.Failure;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.RawHttp;
import dev.safelight.testing.TestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What those are told who watch uploads.
class LiveUploadsTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration SOON = Duration.ofSeconds(20);

    private final TestServer server = TestServer.shared();

    private static HttpResponse<Stream<String>> watch(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.header("Accept", "text/event-stream").build(), BodyHandlers.ofLines());
    }

    @Test
    void tellsEachStateOfAnUploadAndEndsWithTheLast() throws Exception {
        byte[] picture = Pictures.jpeg(320, 200);
        JsonNode upload = TestServer.json(server.post(
                "/v1/uploads",
                "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":%d}".formatted(picture.length)));
        String path = "/v1/uploads/" + upload.path("uploadId").asString() + "/events";
        HttpResponse<Stream<String>> answer = watch(server.request(path));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("X-Accel-Buffering")).contains("no");

        List<String> states = new ArrayList<>();
        answer.body().filter(line -> line.startsWith("id: ")).forEach(line -> {
            if (states.isEmpty()) {
                send(upload.path("grant"), picture);
            }
            states.add(line.substring(4));
        });

        assertThat(states).startsWith("PENDING").endsWith("READY").doesNotHaveDuplicates();
        HttpResponse<Stream<String>> again = watch(server.request(path).header("Last-Event-ID", "READY"));
        assertThat(again.statusCode()).as("after the end").isEqualTo(204);
        HttpResponse<Stream<String>> late = watch(server.request(path).header("Last-Event-ID", "PROCESSING"));
        assertThat(late.body().filter(line -> line.startsWith("data: ")))
                .singleElement()
                .asString()
                .contains("\"status\":\"READY\"");
    }

    private static void send(JsonNode grant, byte[] picture) {
        try {
            assertThat(Browser.sendForm(grant, picture)).isEqualTo(201);
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void tellsASessionOfAllItsUploadsAndOfNoOthers() throws Exception {
        Browser browser = Browser.withSession(server, "{\"space\":\"product\"}");
        Browser other = Browser.withSession(server, "{\"space\":\"product\"}");
        String before = begin(browser, "before.jpg");
        HttpResponse<Stream<String>> answer = watch(HttpRequest.newBuilder(URI.create(browser.session() + "/events")));
        var lines = answer.body().iterator();

        assertThat(next(lines).path("uploadId").asString()).isEqualTo(before);
        begin(other, "foreign.jpg");
        String after = begin(browser, "after.jpg");
        assertThat(next(lines).path("uploadId").asString()).isEqualTo(after);
        answer.body().close();
    }

    private static String begin(Browser browser, String key) throws Exception {
        return Browser.idIn(browser.sign(Map.of("method", "PUT", "key", key)));
    }

    private static JsonNode next(Iterator<String> lines) {
        while (true) {
            String line = lines.next();
            if (line.startsWith("data: ")) {
                return JsonMapper.shared().readTree(line.substring(6));
            }
        }
    }

    @Test
    void refusesBeforeItStreams() throws Exception {
        var unknown = TestServer.send(server.request("/v1/uploads/" + new UUID(1, 1) + "/events"));
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.headers().firstValue("Content-Type")).contains("application/problem+json");
        var anonymous = RawHttp.exchange(server.url("/").getPort(), "GET", "/v1/uploads/" + new UUID(1, 1) + "/events");
        assertThat(anonymous.status()).isEqualTo(401);
    }

    private LiveUploads live(int streams, int perKey) {
        LiveUploads live = new LiveUploads(
                server.bean(LiveRepository.class),
                server.bean(UploadRepository.class),
                new LiveSettings(
                        streams, perKey, Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMinutes(1)));
        live.start();
        return live;
    }

    private static Caller key(long number) {
        return new Caller(new UUID(1, number), "test", Set.of(Role.UPLOADER));
    }

    @Test
    void boundsTheStreamsOfAKeyAndOfTheProcess() {
        LiveUploads live = live(3, 2);
        Watched watched = new Watched.OneUpload(new UUID(1, 1));
        live.watch(watched, key(1));
        LiveStream second = live.watch(watched, key(1));

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> live.watch(watched, key(1)))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.BUSY));
        live.watch(watched, key(2));
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> live.watch(watched, key(3)))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE));
        live.leave(second);
        assertThat(live.watch(watched, key(1)).isClosed()).isFalse();
        live.stop();
    }

    @Test
    void endsAllStreamsAtOnceWhenTheServerStops() throws Exception {
        LiveUploads live = live(3, 3);
        LiveStream stream = live.watch(new Watched.OneUpload(new UUID(1, 1)), key(1));
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                stream.take(Duration.ofDays(1));
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
        });

        live.stop();

        assertThat(waiting.join(SOON)).isTrue();
        assertThat(stream.isClosed()).isTrue();
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> live.watch(new Watched.OneUpload(new UUID(1, 1)), key(1)))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE));
    }

    @Test
    void keepsNoMoreForASlowClientThanTheLastStateOfEachUpload() throws Exception {
        Browser browser = Browser.withSession(server, "{\"space\":\"product\"}");
        String id = begin(browser, "slow.jpg");
        LiveUploads live = live(3, 3);
        LiveStream slow = live.watch(new Watched.OneUpload(UUID.fromString(id)), key(1));
        LiveStream quick = live.watch(new Watched.OneUpload(UUID.fromString(id)), key(1));
        await().atMost(SOON).until(() -> !quick.take(Duration.ofMillis(100)).isEmpty());

        browser.delete("/store/" + id);

        await().atMost(SOON).until(() -> !quick.take(Duration.ofMillis(100)).isEmpty());
        assertThat(slow.take(Duration.ofMillis(100))).extracting(Standing::word).containsExactly("FAILED");
        live.stop();
    }
}
