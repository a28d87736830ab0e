package dev.safelight.store.embedded;

import static dev.safelight.store.embedded.StoreFixture.raw;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.BlobKey;
import dev.safelight.store.DirectUpload.PutGrant;
import dev.safelight.store.StoreRole;
import dev.safelight.store.s3.S3DirectUpload;
import dev.safelight.store.s3.S3MultipartUploads;
import dev.safelight.testing.Form;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One grant that hundreds send at once and do not finish.
class RepeatedGrantTest {
    /// More than the store serves at a time.
    private static final int CROWD = 200;

    private static final byte[] FILE = new byte[200_000];
    private static final byte[] HALF = Arrays.copyOf(FILE, FILE.length / 2);
    private static final Duration SOON = Duration.ofSeconds(20);

    private final HttpClient client = HttpClient.newHttpClient();
    private final BlobKey key = raw("raw/a/p.jpg");

    @TempDir
    Path folder;

    private EmbeddedStore store;
    private S3DirectUpload grants;

    @BeforeEach
    void start() throws IOException {
        store = EmbeddedStore.start(EmbeddedStoreSettings.in(folder), event -> {}, InstantSource.system());
        grants = new S3DirectUpload(store.settings(StoreRole.UPLOADER), InstantSource.system());
    }

    @AfterEach
    void stop() throws IOException {
        store.close();
    }

    private PutGrant put(BlobKey wanted) {
        return grants.put(wanted, "image/jpeg", FILE.length, Instant.now().plusSeconds(300));
    }

    private Form form(BlobKey wanted) {
        return Form.of(
                grants.post(
                        wanted,
                        "image/jpeg",
                        FILE.length,
                        FILE.length,
                        Instant.now().plusSeconds(300)),
                FILE);
    }

    private int send(URI url) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(url)
                                .header("Content-Type", "image/jpeg")
                                .header("If-None-Match", "*")
                                .PUT(HttpRequest.BodyPublishers.ofByteArray(FILE))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static byte[] head(String request, String type, long length) {
        return (request + " HTTP/1.1\r\nHost: HOST\r\nContent-Type: " + type
                        + "\r\nIf-None-Match: *\r\nContent-Length: " + length + "\r\n\r\n")
                .getBytes(US_ASCII);
    }

    private byte[] put(URI url) {
        String head = new String(
                head("PUT " + url.getRawPath() + "?" + url.getRawQuery(), "image/jpeg", FILE.length), US_ASCII);
        return head.replace("HOST", url.getRawAuthority()).getBytes(US_ASCII);
    }

    private long staged() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("objects/staging"))) {
            return files.count();
        }
    }

    /// All but one of the crowd are sent away, and neither files nor places are taken by them.
    private void begin(Crowd crowd, byte[] head, byte[] body) throws Exception {
        for (int i = 0; i < CROWD; i++) {
            crowd.send(store.url(), head, body);
        }
        await().atMost(SOON).until(() -> crowd.answered() == CROWD - 1);
        assertThat(staged()).isEqualTo(1);
        assertThat(send(put(raw("raw/b/p.jpg")).url())).isEqualTo(200);
        assertThat(form(raw("raw/c/p.jpg")).send(client).statusCode()).isEqualTo(201);
    }

    @Test
    void servesOneTransferOfAPut() throws Exception {
        URI url = put(key).url();
        try (Crowd crowd = new Crowd()) {
            begin(crowd, put(url), HALF);
        }
        await().atMost(SOON).until(() -> send(url) == 200);
        assertThat(staged()).isZero();
    }

    @Test
    void servesOneTransferOfAPart() throws Exception {
        try (S3MultipartUploads uploads = new S3MultipartUploads(store.settings(StoreRole.UPLOADER))) {
            String upload = uploads.create(key, "image/jpeg");
            URI url = grants.part(key, upload, 1, 1, FILE.length, Instant.now().plusSeconds(300))
                    .url();
            URI other = grants.part(
                            key, upload, 2, 1, FILE.length, Instant.now().plusSeconds(300))
                    .url();
            try (Crowd crowd = new Crowd()) {
                begin(crowd, put(url), HALF);
                assertThat(send(other)).isEqualTo(200);
            }
            await().atMost(SOON).until(() -> send(url) == 200);
            assertThat(staged()).isZero();
            assertThat(uploads.parts(key, upload).orElseThrow()).hasSize(2);
        }
    }

    @Test
    void servesOneTransferOfAForm() throws Exception {
        Form form = form(key);
        byte[] body = form.body();
        try (Crowd crowd = new Crowd()) {
            begin(crowd, head("POST /raw", Form.contentType(), body.length), Arrays.copyOf(body, body.length / 2));
        }
        await().atMost(SOON).until(() -> form.send(client).statusCode() == 201);
        assertThat(staged()).isZero();
    }

    @Test
    void servesWhoComesBackWhileHisFormerTransferEnds() throws Exception {
        URI url = put(key).url();
        try (Crowd crowd = new Crowd()) {
            crowd.send(store.url(), put(url), HALF);
            await().until(() -> staged() == 1);
            var again = client.sendAsync(
                    HttpRequest.newBuilder(url)
                            .header("Content-Type", "image/jpeg")
                            .header("If-None-Match", "*")
                            .PUT(HttpRequest.BodyPublishers.ofByteArray(FILE))
                            .build(),
                    HttpResponse.BodyHandlers.ofString(UTF_8));
            crowd.close();
            assertThat(again.get().statusCode()).isEqualTo(200);
        }
    }
}
