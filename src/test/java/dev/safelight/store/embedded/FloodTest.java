package dev.safelight.store.embedded;

import static dev.safelight.store.embedded.StoreFixture.raw;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.BlobKey;
import dev.safelight.store.StoreRole;
import dev.safelight.store.s3.S3DirectUpload;
import dev.safelight.store.s3.S3MultipartUploads;
import dev.safelight.testing.Form;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A thousand large uploads at once that nobody granted, and a few that somebody did.
class FloodTest {
    private static final int CROWD = 1000;
    private static final long ANNOUNCED = 50_000_000;
    private static final byte[] BEGINNING = new byte[256 << 10];
    private static final byte[] FILE = "picture".getBytes(UTF_8);

    /// Much less than what the crowd sends, and far more than its connections need.
    private static final long ROOM = 32L << 20;

    private static final int THREADS = 64;

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

    private static BlobKey newKey() {
        return raw("raw/" + UUID.randomUUID() + "/p.jpg");
    }

    private static Instant soon() {
        return Instant.now().plusSeconds(300);
    }

    @Test
    void staysSmallUnderUnsignedForms() throws Exception {
        byte[] field = ("--" + Form.contentType().replaceAll(".*=", "")
                        + "\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n")
                .getBytes(US_ASCII);
        flood("POST /raw", Form.contentType(), field);
    }

    @Test
    void staysSmallUnderUnsignedPuts() throws Exception {
        flood("PUT /raw/a.jpg", "image/jpeg", new byte[0]);
    }

    @Test
    void staysSmallUnderWronglySignedPuts() throws Exception {
        URI url = grants.put(newKey(), "image/jpeg", 1, soon()).url();
        flood("PUT " + url.getRawPath() + "?" + url.getRawQuery(), "image/jpeg", new byte[0]);
    }

    @Test
    void staysSmallUnderWronglySignedParts() throws Exception {
        URI url = grants.part(newKey(), UUID.randomUUID().toString(), 1, 1, 1, soon())
                .url();
        flood("PUT " + url.getRawPath() + "?" + url.getRawQuery(), "image/jpeg", new byte[0]);
    }

    private void flood(String begin, String type, byte[] first) throws Exception {
        grantedUploadsGetThrough();
        byte[] head = (begin + " HTTP/1.1\r\nHost: " + store.url().getRawAuthority() + "\r\nContent-Type: " + type
                        + "\r\nContent-Length: " + ANNOUNCED + "\r\n\r\n")
                .getBytes(US_ASCII);
        long memory = memory();
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        List<Socket> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < CROWD; i++) {
                Socket socket = new Socket(store.url().getHost(), store.port());
                crowd.add(socket);
                begin(socket, head, first);
            }
            assertThat(memory() - memory).isLessThan(ROOM);
            assertThat(ManagementFactory.getThreadMXBean().getThreadCount() - threads)
                    .isLessThan(THREADS);

            grantedUploadsGetThrough();

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> crowd.removeIf(FloodTest::isSentAway) && crowd.isEmpty());
            assertThat(memory() - memory).isLessThan(ROOM);
        } finally {
            for (Socket socket : crowd) {
                socket.close();
            }
        }
        try (Stream<Path> staged = Files.list(folder.resolve("objects/staging"))) {
            assertThat(staged).isEmpty();
        }
    }

    /// Whoever is refused at once may find the connection closed before all is sent.
    private static void begin(Socket socket, byte[] head, byte[] first) throws IOException {
        socket.getOutputStream().write(head);
        try {
            socket.getOutputStream().write(first);
            socket.getOutputStream().write(BEGINNING);
        } catch (IOException closed) {
            assertThat(isSentAway(socket)).isTrue();
        }
    }

    private static boolean isSentAway(Socket socket) {
        try {
            socket.setSoTimeout(1);
            int answer = socket.getInputStream().read();
            assertThat(answer).isIn((int) 'H', -1);
            socket.close();
            return true;
        } catch (SocketTimeoutException waiting) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private void grantedUploadsGetThrough() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        Form form = Form.of(grants.post(newKey(), "image/jpeg", FILE.length, FILE.length, soon()), FILE);
        await().atMost(Duration.ofSeconds(60)).until(() -> form.send(client).statusCode() == 201);
        assertThat(put(
                        client,
                        grants.put(newKey(), "image/jpeg", FILE.length, soon()).url()))
                .isEqualTo(200);
        try (var uploads = new S3MultipartUploads(store.settings(StoreRole.UPLOADER))) {
            BlobKey key = newKey();
            String upload = uploads.create(key, "image/jpeg");
            assertThat(put(
                            client,
                            grants.part(key, upload, 1, FILE.length, FILE.length, soon())
                                    .url()))
                    .isEqualTo(200);
            assertThat(uploads.complete(key, upload, uploads.parts(key, upload).orElseThrow()))
                    .isTrue();
        }
    }

    private static int put(HttpClient client, URI url) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(url)
                                .header("Content-Type", "image/jpeg")
                                .header("If-None-Match", "*")
                                .PUT(HttpRequest.BodyPublishers.ofByteArray(FILE))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /// What is kept in the heap and outside of it.
    private static long memory() {
        System.gc();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + direct;
    }
}
