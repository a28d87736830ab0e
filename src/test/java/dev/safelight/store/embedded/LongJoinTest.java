package dev.safelight.store.embedded;

import static dev.safelight.store.embedded.StoreFixture.raw;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.BlobKey;
import dev.safelight.store.StoreRole;
import dev.safelight.store.StoredPart;
import dev.safelight.store.s3.S3DirectUpload;
import dev.safelight.store.s3.S3MultipartUploads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A completion that takes as long as the disk needs for it, here until the test lets it end.
class LongJoinTest {
    private static final BlobKey LARGE = raw("raw/large.mp4");
    private static final BlobKey SMALL = raw("raw/small.mp4");
    private static final byte[] BYTES = "bytes".getBytes(UTF_8);
    private static final Duration IDLE = Duration.ofSeconds(2);

    private final CountDownLatch joining = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);

    private EmbeddedStore store;
    private S3DirectUpload grants;
    private S3MultipartUploads uploads;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        store = EmbeddedStore.start(
                EmbeddedStoreSettings.in(folder).withLimits(IDLE, 24), this::created, InstantSource.system());
        grants = new S3DirectUpload(store.settings(StoreRole.UPLOADER), InstantSource.system());
        uploads = new S3MultipartUploads(store.settings(StoreRole.UPLOADER));
    }

    @AfterEach
    void stop() throws IOException {
        end.countDown();
        uploads.close();
        store.close();
    }

    private void created(ObjectCreated event) {
        if (event.key().equals(LARGE)) {
            joining.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private List<StoredPart> send(BlobKey key, String upload) throws Exception {
        var request = HttpRequest.newBuilder(
                        grants.part(key, upload, 1, 1, 100, Instant.now().plusSeconds(60))
                                .url())
                .PUT(HttpRequest.BodyPublishers.ofByteArray(BYTES))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(200);
        return uploads.parts(key, upload).orElseThrow();
    }

    private boolean complete(BlobKey key, String upload, List<StoredPart> parts) {
        try {
            return uploads.complete(key, upload, parts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void letsTheOthersGetOnAndAnswersInTheEnd() throws Exception {
        String large = uploads.create(LARGE, "video/mp4");
        List<StoredPart> parts = send(LARGE, large);
        Instant begin = Instant.now();
        CompletableFuture<Boolean> joined = CompletableFuture.supplyAsync(() -> complete(LARGE, large, parts));
        assertThat(joining.await(20, TimeUnit.SECONDS)).isTrue();

        String small = uploads.create(SMALL, "video/mp4");
        assertThat(complete(SMALL, small, send(SMALL, small))).isTrue();
        assertThatThrownBy(() -> uploads.abort(LARGE, large))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("busy");
        await().atMost(Duration.ofSeconds(30)).until(() -> Instant.now().isAfter(begin.plus(IDLE.multipliedBy(2))));

        assertThat(joined).isNotDone();
        end.countDown();
        assertThat(joined.get(20, TimeUnit.SECONDS)).isTrue();
    }
}
