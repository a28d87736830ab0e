package dev.safelight.store.embedded;

import static dev.safelight.store.embedded.StoreFixture.raw;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.StoreRole;
import dev.safelight.store.s3.S3DirectUpload;
import dev.safelight.store.s3.S3ObjectStore;
import dev.safelight.testing.Form;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store as it is run, patient with silence, and clients who make the most of that.
class SlowClientsTest {
    private static final BlobKey KEY = new BlobKey(Bucket.USER, "some/key");
    private static final Content HELLO = new Content.Bytes("hello".getBytes(UTF_8));

    private EmbeddedStore store;
    private S3ObjectStore worker;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        store = EmbeddedStore.start(EmbeddedStoreSettings.in(folder), event -> {}, InstantSource.system());
        worker = new S3ObjectStore(store.settings(StoreRole.WORKER), InstantSource.system());
    }

    @AfterEach
    void stop() throws IOException {
        worker.close();
        store.close();
    }

    private void assertTheWorkerGetsOn() throws Exception {
        CompletableFuture.runAsync(() -> {
                    try {
                        worker.put(KEY, HELLO, ObjectHeaders.ofType("text/plain"));
                        assertThat(worker.head(KEY)).isPresent();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .get(20, TimeUnit.SECONDS);
    }

    private Form grant(byte[] file) {
        var uploads = new S3DirectUpload(store.settings(StoreRole.UPLOADER), InstantSource.system());
        return Form.of(
                uploads.post(
                        raw("a/b.jpg"),
                        "image/jpeg",
                        file.length,
                        file.length,
                        Instant.now().plusSeconds(60)),
                file);
    }

    private static byte[] post(String type, long length) {
        return ("POST /raw HTTP/1.1\r\nHost: store\r\nContent-Type: " + type + "\r\nContent-Length: " + length
                        + "\r\n\r\n")
                .getBytes(US_ASCII);
    }

    @Test
    void servesItsOwnWhileHundredsOfAnonymousFormsHang() throws Exception {
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < 300; i++) {
                crowd.send(store.url(), post(Form.contentType(), 10_000), "--".getBytes(US_ASCII));
            }
            await().until(() -> crowd.answered() > 0);

            assertTheWorkerGetsOn();

            assertThat(crowd.isWaiting()).isTrue();
        }
    }

    @Test
    void servesItsOwnWhileHundredsSendHalfAHeader() throws Exception {
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < 700; i++) {
                crowd.send(store.url(), "GET /raw/a HTTP/1.1\r\nHost: st".getBytes(US_ASCII));
            }

            assertTheWorkerGetsOn();

            assertThat(crowd.answered()).isZero();
            assertThat(crowd.isWaiting()).isTrue();
        }
    }

    @Test
    void servesItsOwnWhileSignedUploadsHang() throws Exception {
        String key = store.settings(StoreRole.UPLOADER).accessKey();
        byte[] header = ("PUT /raw/a HTTP/1.1\r\nHost: store\r\nx-amz-content-sha256: " + "0".repeat(64)
                        + "\r\nx-amz-date: " + "20261121T000000Z\r\nAuthorization: AWS4-HMAC-SHA256 Credential=" + key
                        + "/20261121/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=" + "0".repeat(64)
                        + "\r\nContent-Length: 10000\r\n\r\nx")
                .getBytes(US_ASCII);
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < 300; i++) {
                crowd.send(store.url(), header);
            }
            await().until(() -> crowd.answered() > 0);

            assertTheWorkerGetsOn();
        }
    }

    /// A byte a second is enough against a timeout for silence, and here against nothing.
    @Test
    void endsAnIntroductionThatTakesTooLong() throws Exception {
        try (Socket socket = new Socket(store.url().getHost(), store.port())) {
            var out = socket.getOutputStream();
            out.write(post(Form.contentType(), 10_000));
            out.write(("--" + Form.contentType().replaceAll(".*=", "") + "\r\n").getBytes(US_ASCII));
            out.flush();
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(250))
                    .until(() -> {
                        boolean answered = socket.getInputStream().available() > 0;
                        if (!answered) {
                            out.write('x');
                            out.flush();
                        }
                        return answered;
                    });
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .contains("<Code>RequestTimeout</Code>")
                    .contains("Connection: close");
        }
    }

    @Test
    void letsAKnownSenderTakeLongerThanAStranger() throws Exception {
        byte[] file = new byte[100_000];
        Form form = grant(file);
        byte[] body = form.body();
        try (Socket socket = new Socket(store.url().getHost(), store.port())) {
            var out = socket.getOutputStream();
            out.write(post(Form.contentType(), body.length));
            out.write(body, 0, body.length - 1000);
            out.flush();
            Instant begin = Instant.now();
            int[] sent = {body.length - 1000};
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(150))
                    .until(() -> {
                        boolean late = Instant.now().isAfter(begin.plusSeconds(6));
                        int count = late ? body.length - sent[0] : 1;
                        out.write(body, sent[0], count);
                        out.flush();
                        sent[0] += count;
                        return late;
                    });
            var answer = new String(socket.getInputStream().readNBytes(12), US_ASCII);
            assertThat(answer).isEqualTo("HTTP/1.1 201");
        }
    }

    @Test
    void keepsTakingFormsAfterAThousandUnsignedOnes() throws Exception {
        byte[] beginning = ("--" + Form.contentType().replaceAll(".*=", "")
                        + "\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n" + "x".repeat(60_000))
                .getBytes(US_ASCII);
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < 1000; i++) {
                crowd.send(store.url(), post(Form.contentType(), 1L << 30), beginning);
            }
            assertTheWorkerGetsOn();
            await().until(() -> grant("picture".getBytes(UTF_8))
                            .send(HttpClient.newHttpClient())
                            .statusCode()
                    != 503);
        }
    }
}
