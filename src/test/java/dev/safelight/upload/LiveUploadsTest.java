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
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
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
                settings(streams, perKey),
                InstantSource.system());
        live.start();
        return live;
    }

    private static LiveSettings settings(int streams, int perKey) {
        return new LiveSettings(
                streams, perKey, 2, Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMinutes(1));
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
    void boundsTheStreamsOfASession() throws Exception {
        Browser browser = Browser.withSession(server, "{\"space\":\"product\"}");
        Browser other = Browser.withSession(server, "{\"space\":\"product\"}");
        begin(browser, "a.jpg");
        begin(other, "a.jpg");
        List<HttpResponse<Stream<String>>> open = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                open.add(watch(events(browser)));
                assertThat(open.getLast().statusCode()).isEqualTo(200);
            }
            HttpResponse<Stream<String>> sixth = watch(events(browser));
            assertThat(sixth.statusCode()).isEqualTo(429);
            assertThat(sixth.body()).anyMatch(line -> line.contains("This session has 5 streams"));
            open.add(watch(events(other)));
            assertThat(open.getLast().statusCode())
                    .as("another session of the key")
                    .isEqualTo(200);
        } finally {
            open.forEach(answer -> answer.body().close());
        }
    }

    private static HttpRequest.Builder events(Browser browser) {
        return HttpRequest.newBuilder(URI.create(browser.session() + "/events"));
    }

    @Test
    void answersWhoAsksForTheHeadOnlyAtOnce() throws Exception {
        Browser browser = Browser.withSession(server, "{\"space\":\"product\"}");
        String id = begin(browser, "head.jpg");
        int port = server.url("/").getPort();

        for (int i = 0; i < 8; i++) {
            assertThat(RawHttp.exchange(port, "HEAD", browser.session().getPath() + "/events")
                            .fields())
                    .hasEntrySatisfying("content-type", type -> assertThat(type).startsWith("text/event-stream"));
            assertThat(RawHttp.exchange(
                                    port,
                                    "HEAD",
                                    "/v1/uploads/" + id + "/events",
                                    "Authorization: Bearer " + server.adminKey())
                            .status())
                    .isEqualTo(200);
        }
        HttpResponse<Stream<String>> answer = watch(events(browser));
        assertThat(answer.statusCode()).as("no place was kept").isEqualTo(200);
        answer.body().close();
    }

    @Test
    void tellsNothingMoreOnceTheSessionHasEnded() throws Exception {
        Browser browser = Browser.withSession(server, "{\"space\":\"product\"}");
        String id = begin(browser, "ended.jpg");
        HttpResponse<Stream<String>> answer = watch(events(browser));
        var lines = answer.body().iterator();
        assertThat(next(lines).path("uploadId").asString()).isEqualTo(id);

        server.bean(JdbcClient.class)
                .sql(
                        "update upload_session set expires_at = now() where id = (select session from upload where id = :id)")
                .param("id", UUID.fromString(id))
                .update();
        await().atMost(SOON).until(() -> browser.get("/uploads/" + id).statusCode() == 401);
        assertThat(TestServer.send(server.request("/v1/uploads/" + id).DELETE()).statusCode())
                .isEqualTo(204);

        List<String> rest = new ArrayList<>();
        lines.forEachRemaining(rest::add);
        assertThat(rest).noneMatch(line -> line.startsWith("data: "));
    }

    private LiveUploads live(LiveRepository looks) {
        LiveUploads live =
                new LiveUploads(looks, server.bean(UploadRepository.class), settings(10, 10), InstantSource.system());
        live.start();
        return live;
    }

    @Test
    void asksForNoUploadAgainThatHasEndedAndWasTold() throws Exception {
        Browser browser = Browser.withSession(server, "{\"space\":\"product\"}");
        String ended = begin(browser, "ended.jpg");
        browser.delete("/store/" + ended);
        String stillOpen = begin(browser, "open.jpg");
        JdbcClient jdbc = server.bean(JdbcClient.class);
        jdbc.sql("update upload set created_at = now() - interval '1 hour', expires_at = now() + interval '1 hour' "
                        + "where id in (:one, :other)")
                .param("one", UUID.fromString(ended))
                .param("other", UUID.fromString(stillOpen))
                .update();
        UUID session = jdbc.sql("select session from upload where id = :id")
                .param("id", UUID.fromString(ended))
                .query(UUID.class)
                .single();
        List<Set<UUID>> looked = new CopyOnWriteArrayList<>();
        LiveUploads live = live(new LiveRepository(jdbc) {
            @Override
            List<Row> look(Collection<UUID> uploads, Collection<UUID> whole, Collection<UUID> others, Instant young) {
                List<Row> rows = super.look(uploads, whole, others, young);
                looked.add(rows.stream().map(Row::id).collect(Collectors.toSet()));
                return rows;
            }
        });
        LiveStream first = live.watch(new Watched.OfSession(session), key(1));
        assertThat(await().atMost(SOON).until(() -> first.take(Duration.ofMillis(100)), news -> !news.isEmpty()))
                .extracting(Standing::word)
                .containsExactlyInAnyOrder("FAILED", "PENDING");

        await().atMost(SOON).until(() -> looked.size() > 2);
        assertThat(looked.getLast()).containsExactly(UUID.fromString(stillOpen));
        LiveStream second = live.watch(new Watched.OfSession(session), key(1));
        assertThat(await().atMost(SOON).until(() -> second.take(Duration.ofMillis(100)), news -> !news.isEmpty()))
                .as("who comes later is told of all")
                .hasSize(2);
        browser.delete("/store/" + stillOpen);
        assertThat(await().atMost(SOON).until(() -> first.take(Duration.ofMillis(100)), news -> !news.isEmpty()))
                .extracting(Standing::word)
                .containsExactly("FAILED");
        live.stop();
        live.leave(first);
        live.leave(second);
    }

    @Test
    void looksNoMoreOftenForClientsThatComeAndGo() throws Exception {
        List<Collection<UUID>> looked = new CopyOnWriteArrayList<>();
        LiveRepository looks = new LiveRepository(server.bean(JdbcClient.class)) {
            @Override
            List<Row> look(Collection<UUID> uploads, Collection<UUID> whole, Collection<UUID> others, Instant young) {
                looked.add(uploads);
                return List.of();
            }
        };
        Duration pause = Duration.ofSeconds(10);
        LiveUploads live = new LiveUploads(
                looks,
                server.bean(UploadRepository.class),
                new LiveSettings(10, 10, 2, pause, Duration.ofMillis(100), Duration.ofMinutes(1)),
                InstantSource.system());
        live.start();
        LiveStream first = live.watch(new Watched.OneUpload(new UUID(1, 1)), key(1));
        await().atMost(SOON).until(() -> looked.size() == 1);
        live.leave(first);

        for (int i = 0; i < 5; i++) {
            LiveStream stream = live.watch(new Watched.OneUpload(new UUID(1, 1)), key(1));
            stream.take(Duration.ofMillis(50));
            live.leave(stream);
        }

        assertThat(looked).hasSize(1);
        live.stop();
    }

    @Test
    void beginsAnewAfterADefectEndedTheLook() throws Exception {
        Browser browser = Browser.withSession(server, "{\"space\":\"product\"}");
        Watched watched = new Watched.OneUpload(UUID.fromString(begin(browser, "again.jpg")));
        AtomicBoolean fails = new AtomicBoolean(true);
        LiveUploads live = live(new LiveRepository(server.bean(JdbcClient.class)) {
            @Override
            List<Row> look(Collection<UUID> uploads, Collection<UUID> whole, Collection<UUID> others, Instant young) {
                if (fails.getAndSet(false)) {
                    throw new StackOverflowError("as a defect would");
                }
                return super.look(uploads, whole, others, young);
            }
        });
        LiveStream first = live.watch(watched, key(1));
        await().dontCatchUncaughtExceptions().atMost(SOON).until(first::isClosed);
        live.leave(first);

        LiveStream second = live.watch(watched, key(1));

        await().atMost(SOON).until(() -> !second.take(Duration.ofMillis(100)).isEmpty());
        live.stop();
        live.leave(second);
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
