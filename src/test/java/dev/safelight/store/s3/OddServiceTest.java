package dev.safelight.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.store.OpenUpload;
import dev.safelight.store.StoredPart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Uploads in parts in a service that is slow, forgetful or against us.
class OddServiceTest {
    private static final BlobKey KEY = new BlobKey(Bucket.RAW, "raw/a.mp4");
    private static final List<StoredPart> PARTS = List.of(new StoredPart(1, 5, "0".repeat(32)));
    private static final Duration SILENCE = Duration.ofMillis(300);

    /// What the service answers to one request.
    private interface Answer {
        String to(HttpExchange request) throws IOException, InterruptedException;
    }

    private HttpServer server;
    private S3MultipartUploads uploads;
    private volatile int status = 200;
    private volatile Answer answer = request -> "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        uploads = new S3MultipartUploads(
                new S3Settings(
                        url,
                        url,
                        "us-east-1",
                        true,
                        "access",
                        "secret",
                        Arrays.stream(Bucket.values()).collect(Collectors.toMap(bucket -> bucket, Bucket::text))),
                SILENCE,
                Duration.ofSeconds(60));
    }

    @AfterEach
    void stop() {
        uploads.close();
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(status == 200 ? 404 : status, -1);
            } else {
                byte[] body = answer.to(exchange).getBytes(UTF_8);
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }

    private static String page(String next, String uploads) {
        return "<ListMultipartUploadsResult><IsTruncated>true</IsTruncated><NextKeyMarker>" + next
                + "</NextKeyMarker><NextUploadIdMarker>1</NextUploadIdMarker>" + uploads
                + "</ListMultipartUploadsResult>";
    }

    private static String upload(String id, String initiated) {
        return "<Upload><Key>raw/a.mp4</Key><UploadId>" + id + "</UploadId>" + initiated + "</Upload>";
    }

    @Test
    void waitsLongerForAJoinThanForOtherAnswers() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger joins = new AtomicInteger();
        answer = request -> {
            if (request.getRequestMethod().equals("POST")) {
                joins.incrementAndGet();
                begun.countDown();
            }
            end.await();
            return "<CompleteMultipartUploadResult/>";
        };
        CompletableFuture<Boolean> join = CompletableFuture.supplyAsync(() -> {
            try {
                return uploads.complete(KEY, "u", PARTS);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        assertThatThrownBy(() -> uploads.parts(KEY, "u")).isInstanceOf(IOException.class);

        end.countDown();
        assertThat(join.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(joins).hasValue(1);
    }

    @Test
    void endsAListThatGoesInCircles() {
        AtomicInteger pages = new AtomicInteger();
        answer = request -> page(pages.incrementAndGet() % 2 == 0 ? "a" : "b", "");

        assertThatThrownBy(() -> uploads.list(Bucket.RAW, "", page -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("repeats itself");
        assertThat(pages.get()).isLessThan(10);
    }

    @Test
    void leavesOutUploadsOfUnknownAge() throws Exception {
        answer = request -> page("", upload("1", "") + upload("2", "<Initiated>2026-01-02T03:04:05.000Z</Initiated>"))
                .replace("true", "false");
        List<OpenUpload> found = new ArrayList<>();

        uploads.list(Bucket.RAW, "", found::addAll);

        assertThat(found).containsExactly(new OpenUpload(KEY, "2", Instant.parse("2026-01-02T03:04:05Z")));
    }

    @Test
    void doesNotBlameTheCallerForItsOwnCredentials() {
        status = 403;
        answer = request -> "<Error><Code>InvalidAccessKeyId</Code><Message>no</Message></Error>";
        List<Executable> operations = List.of(
                () -> uploads.create(KEY, "video/mp4"),
                () -> uploads.parts(KEY, "u"),
                () -> uploads.complete(KEY, "u", PARTS),
                () -> uploads.abort(KEY, "u"),
                () -> uploads.list(Bucket.RAW, "", page -> {}));

        for (Executable operation : operations) {
            assertThatThrownBy(operation::execute)
                    .isInstanceOfSatisfying(
                            Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.UNAVAILABLE))
                    .hasMessageNotContaining("refuses");
        }
    }
}
