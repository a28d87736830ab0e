package dev.safelight.store.embedded;

import static dev.safelight.store.embedded.StoreFixture.raw;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.store.OpenObject;
import dev.safelight.store.StoreRole;
import dev.safelight.store.s3.S3DirectUpload;
import dev.safelight.testing.Form;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FormPostTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final byte[] PICTURE = "not really a picture".getBytes(UTF_8);

    private static StoreFixture fixture;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        fixture = new StoreFixture(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        fixture.close();
    }

    private static String newKey() {
        return "raw/2026/11/" + UUID.randomUUID() + "/p.jpg";
    }

    @Test
    void storesWhatWasGrantedAndTellsIt() throws Exception {
        String key = newKey();

        HttpResponse<String> answer = fixture.form(key, PICTURE).send(CLIENT);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.body()).contains("<Key>" + key + "</Key>");
        assertThat(answer.headers().firstValue("ETag")).isPresent();
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue(StoreFixture.ORIGIN);
        assertThat(answer.headers().firstValue("Access-Control-Expose-Headers").orElseThrow())
                .contains("ETag");
        try (OpenObject stored = fixture.worker.open(raw(key), null, null).orElseThrow()) {
            assertThat(stored.stream().readAllBytes()).isEqualTo(PICTURE);
            assertThat(stored.stored().contentType()).isEqualTo("image/jpeg");
        }
        assertThat(fixture.events).anySatisfy(event -> {
            assertThat(event.key()).isEqualTo(raw(key));
            assertThat(event.toRecordsJson()).contains("ObjectCreated:Post", "\"eventVersion\":\"2.1\"", key);
        });
    }

    static Stream<Arguments> forgeries() {
        String otherPolicy = Base64.getEncoder()
                .encodeToString("{\"expiration\":\"2099-01-01T00:00:00Z\",\"conditions\":[]}".getBytes(UTF_8));
        return Stream.of(
                forgery("a policy of one's own", 403, "SignatureDoesNotMatch", f -> f.with("policy", otherPolicy)),
                forgery(
                        "a guessed signature",
                        403,
                        "SignatureDoesNotMatch",
                        f -> f.with("x-amz-signature", "0".repeat(64))),
                forgery("no signature", 400, "InvalidArgument", f -> f.without("x-amz-signature")),
                forgery("no policy", 403, "AccessDenied", f -> f.without("policy")),
                forgery("another key", 403, "AccessDenied", f -> f.with("key", "raw/other.jpg")),
                forgery("no key", 403, "AccessDenied", f -> f.without("key")),
                forgery("another type", 403, "AccessDenied", f -> f.with("Content-Type", "text/html")),
                forgery("no type", 403, "AccessDenied", f -> f.without("Content-Type")),
                forgery("a field more", 403, "AccessDenied", f -> f.with("x-amz-meta-a", "b")),
                forgery("an access list", 403, "AccessDenied", f -> f.with("acl", "public-read")),
                forgery(
                        "an unknown key id",
                        403,
                        "InvalidAccessKeyId",
                        f -> f.with(
                                "x-amz-credential", f.value("x-amz-credential").replaceFirst("^SL..", "SLZZ"))),
                forgery("another day", 400, "InvalidArgument", f -> f.with("x-amz-date", "20200101T000000Z")),
                forgery("another bucket", 403, "AccessDenied", f -> f.to(f.url().resolve("/processed"))),
                forgery("no bucket", 403, "AccessDenied", f -> f.to(f.url().resolve("/"))),
                forgery(
                        "a bucket of ours",
                        403,
                        "AccessDenied",
                        f -> f.to(f.url().resolve("/staging"))));
    }

    private static Arguments forgery(String name, int status, String code, UnaryOperator<Form> change) {
        return Arguments.of(name, status, code, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forgeries")
    void refusesWhatWasNotGranted(String name, int status, String code, UnaryOperator<Form> change) throws Exception {
        String key = newKey();
        List<String> before = fixture.files();

        HttpResponse<String> answer = change.apply(fixture.form(key, PICTURE)).send(CLIENT);

        assertThat(answer.body()).contains("<Code>" + code + "</Code>");
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue(StoreFixture.ORIGIN);
        assertThat(fixture.files()).isEqualTo(before);
    }

    @Test
    void refusesAnExpiredGrant() throws Exception {
        var grant = fixture.uploads.post(
                raw(newKey()),
                "image/jpeg",
                PICTURE.length,
                PICTURE.length,
                Instant.now().minusSeconds(1));

        assertThat(Form.of(grant, PICTURE).send(CLIENT).body())
                .contains("<Code>AccessDenied</Code>")
                .contains("expired");
    }

    @Test
    void refusesAnIdentityWithoutTheRightToCreate() throws Exception {
        for (StoreRole role : List.of(StoreRole.DELIVERY, StoreRole.WORKER)) {
            var signer = new S3DirectUpload(fixture.store.settings(role), InstantSource.system());
            var grant = signer.post(
                    raw(newKey()),
                    "image/jpeg",
                    PICTURE.length,
                    PICTURE.length,
                    Instant.now().plusSeconds(60));
            assertThat(Form.of(grant, PICTURE).send(CLIENT).body()).contains("<Code>AccessDenied</Code>");
        }
        var grant = fixture.uploads.post(
                new BlobKey(Bucket.PROCESSED, "a"),
                "image/jpeg",
                PICTURE.length,
                PICTURE.length,
                Instant.now().plusSeconds(60));
        assertThat(Form.of(grant, PICTURE).send(CLIENT).body()).contains("<Code>AccessDenied</Code>");
    }

    @Test
    void refusesAnotherSizeThanGranted() throws Exception {
        var grant = fixture.uploads.post(
                raw(newKey()), "image/jpeg", 100, 100, Instant.now().plusSeconds(60));
        List<String> before = fixture.files();
        for (boolean honest : List.of(true, false)) {
            for (int size : List.of(0, 97, 99, 101, 103, 70_000)) {
                Form form = Form.of(grant, new byte[size]);
                HttpRequest.BodyPublisher body = honest
                        ? HttpRequest.BodyPublishers.ofByteArray(form.body())
                        : HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(form.body()));
                String answer = CLIENT.send(form.request(body), HttpResponse.BodyHandlers.ofString())
                        .body();
                assertThat(answer)
                        .as("%d bytes, honest: %s", size, honest)
                        .contains("<Code>" + (size < 100 ? "EntityTooSmall" : "EntityTooLarge") + "</Code>");
            }
        }
        assertThat(fixture.files()).isEqualTo(before);
    }

    @Test
    void refusesToReplaceAnOriginal() throws Exception {
        Form form = fixture.form(newKey(), PICTURE);

        assertThat(form.send(CLIENT).statusCode()).isEqualTo(201);
        HttpResponse<String> replay = form.send(CLIENT);

        assertThat(replay.statusCode()).isEqualTo(412);
        assertThat(replay.body()).contains("<Code>PreconditionFailed</Code>");
    }

    @Test
    void letsExactlyOneOfManyRacingReplaysWin() throws Exception {
        String key = newKey();
        Form form = fixture.form(key, new byte[300_000]);
        List<Future<Integer>> answers;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> send = () -> form.send(CLIENT).statusCode();
            answers = threads.invokeAll(Collections.nCopies(20, send));
        }
        List<Integer> statuses = new ArrayList<>();
        for (Future<Integer> answer : answers) {
            statuses.add(answer.get());
        }
        assertThat(statuses).containsOnlyOnce(201).isSubsetOf(201, 412, 503);
        assertThat(fixture.events.stream().filter(e -> e.key().equals(raw(key))))
                .hasSize(1);
        assertThat(fixture.files()).noneMatch(file -> file.startsWith("staging/"));
    }

    /// Counts what is taken from it, and would go on for long.
    private static final class Endless extends InputStream {
        private final long length;
        private long taken;

        Endless(long length) {
            this.length = length;
        }

        @Override
        public int read() {
            return taken++ < length ? 0 : -1;
        }

        @Override
        public int read(byte[] target, int offset, int count) {
            if (taken >= length) {
                return -1;
            }
            taken += count;
            return count;
        }
    }

    @Test
    void readsAlmostNothingOfAnUnsignedFile() throws Exception {
        FormPost forms = unreachableForms();
        for (long declared : List.of(-1L, 200_000_000L)) {
            Endless file = new Endless(200_000_000);
            byte[] head = fixture.form(newKey(), PICTURE).without("policy").head();
            InputStream body = new SequenceInputStream(new ByteArrayInputStream(head), file);

            assertThatThrownBy(() -> forms.open("raw", Form.contentType(), declared, body))
                    .hasMessageContaining("Access Denied");

            assertThat(file.taken).isLessThanOrEqualTo(64 * 1024);
        }
    }

    /// Would fail with a NullPointerException if a form came as far as being stored.
    @SuppressWarnings("NullAway")
    private static FormPost unreachableForms() throws IOException {
        return new FormPost(
                StoreKeys.open(fixture.folder.resolve("keys.properties")),
                Map.of("raw", Bucket.RAW),
                "us-east-1",
                null,
                null,
                InstantSource.system());
    }

    @Test
    void leavesNothingOfAnUploadThatIsCutOff() throws Exception {
        Form form = fixture.form(newKey(), new byte[1_000_000]);
        List<String> before = fixture.files();
        try (Socket socket = connect(form.url())) {
            var out = socket.getOutputStream();
            out.write(header(form.head().length + 1_000_000 + Form.tail().length));
            out.write(form.head());
            out.write(new byte[500_000]);
            out.flush();
            await().until(() -> fixture.files().stream().anyMatch(file -> file.startsWith("staging/")));
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> fixture.files().equals(before));
    }

    @Test
    void cutsOffAClientThatFallsSilent() throws Exception {
        Form form = fixture.form(newKey(), new byte[1_000_000]);
        List<String> before = fixture.files();
        try (Socket socket = connect(form.url())) {
            socket.setSoTimeout(15_000);
            var out = socket.getOutputStream();
            out.write(header(form.head().length + 1_000_000 + Form.tail().length));
            out.write(form.head());
            out.write(new byte[10_000]);
            out.flush();
            String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            assertThat(answer).contains("RequestTimeout");
        }
        assertThat(fixture.files()).isEqualTo(before);
    }

    @Test
    void cutsOffAClientThatOnlyTrickles() throws Exception {
        Form form = fixture.form(newKey(), new byte[1_000_000]);
        List<String> before = fixture.files();
        try (Socket socket = connect(form.url())) {
            var out = socket.getOutputStream();
            out.write(header(form.head().length + 1_000_000 + Form.tail().length));
            out.write(form.head());
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(200))
                    .untilAsserted(() -> assertThatThrownBy(() -> {
                                out.write(0);
                                out.flush();
                            })
                            .isInstanceOf(IOException.class));
        }
        assertThat(fixture.files()).isEqualTo(before);
    }

    @Test
    void boundsTheNumberOfConcurrentForms() throws Exception {
        try (Crowd granted = new Crowd()) {
            for (int i = 0; i < 24; i++) {
                Form form = fixture.form(newKey(), new byte[1_000_000]);
                granted.send(form.url(), header(form.body().length), form.head(), new byte[10_000]);
            }
            // Those who hold the places are cut off for their silence before long, so there is no hurry here.
            await().until(() -> isRefusedForNow(fixture.form(newKey(), PICTURE).send(CLIENT)));
        }
        await().untilAsserted(() -> assertThat(
                        fixture.form(newKey(), PICTURE).send(CLIENT).statusCode())
                .isEqualTo(201));
    }

    private static boolean isRefusedForNow(HttpResponse<String> answer) {
        return answer.statusCode() == 503 && answer.body().contains("<Code>SlowDown</Code>");
    }

    @Test
    void leavesFormsToOthersWhileTheAnonymousTrickle() throws Exception {
        try (Crowd anonymous = new Crowd()) {
            for (int i = 0; i < 64; i++) {
                anonymous.send(fixture.store.url(), header(10_000), "--".getBytes(US_ASCII));
            }
            assertThat(fixture.form(newKey(), PICTURE).send(CLIENT).statusCode())
                    .isEqualTo(201);
            assertThat(anonymous.isWaiting()).isTrue();
        }
    }

    @Test
    void answersPreflightsOfOurOwnPagesOnly() throws Exception {
        assertThat(preflight(StoreFixture.ORIGIN).statusCode()).isEqualTo(200);
        assertThat(preflight(StoreFixture.ORIGIN).headers().firstValue("Access-Control-Allow-Methods"))
                .isPresent();
        HttpResponse<String> stranger = preflight("https://evil.example.org");
        assertThat(stranger.statusCode()).isEqualTo(403);
        assertThat(stranger.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    private static HttpResponse<String> preflight(String origin) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(fixture.store.url().resolve("/raw"))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "x-requested-with")
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static Socket connect(URI url) throws IOException {
        return new Socket(url.getHost(), url.getPort());
    }

    private static byte[] header(long length) {
        return ("POST /raw HTTP/1.1\r\nHost: store\r\nContent-Type: " + Form.contentType() + "\r\nContent-Length: "
                        + length + "\r\n\r\n")
                .getBytes(US_ASCII);
    }
}
