package dev.safelight.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.Failure;
import dev.safelight.image.ImageEngine;
import dev.safelight.image.ImageLimits;
import dev.safelight.render.remote.LoopbackPictures;
import dev.safelight.render.remote.RemotePictures;
import dev.safelight.testing.PictureHost;
import dev.safelight.testing.Pictures;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pictures of a host that says how they may be kept. The old one is 20 pixels wide, the new one 30.
@Timeout(60)
class ForeignPicturesTest {
    private static final Duration STALE = Duration.ofHours(1);
    private static final byte[] OLD = Pictures.jpeg(20, 10);
    private static final byte[] NEW = Pictures.jpeg(30, 10);

    private static ImageEngine engine;

    @TempDir
    private Path folder;

    private volatile Instant now = Instant.parse("2026-11-29T08:00:00Z");
    private PictureHost host;
    private RemotePictures remote;
    private DiskCache files;
    private Path incoming;
    private ForeignPictures pictures;

    @BeforeAll
    static void open() {
        engine = new ImageEngine(new ImageLimits(4_000_000, 50, 4_000_000), 2);
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    @BeforeEach
    void start() throws IOException {
        host = new PictureHost();
        remote = LoopbackPictures.at(host.port());
        files = DiskCache.open(folder.resolve("files"), 1 << 20, 100);
        incoming = Files.createDirectory(folder.resolve("incoming"));
        pictures = new ForeignPictures(remote, engine, files, incoming, STALE, () -> now);
    }

    @AfterEach
    void stop() throws IOException {
        remote.close();
        files.close();
        host.close();
    }

    private void answer(String cacheControl, String tag, byte[] picture) {
        host.answer("/a.jpg", "200 OK\nETag: \"%s\"\n%s".formatted(tag, field(cacheControl)), picture);
    }

    private void unchanged(String cacheControl) {
        host.answer("/a.jpg", "304 Not Modified\nETag: \"old\"\n" + field(cacheControl), "");
    }

    private static String field(String cacheControl) {
        return cacheControl.isEmpty() ? "" : "Cache-Control: " + cacheControl;
    }

    private Subject.Foreign find() throws IOException, InterruptedException {
        return pictures.find(URI.create("http://127.0.0.1:" + host.port() + "/a.jpg"));
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private void assertUnavailable() {
        assertThatThrownBy(this::find)
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-age=600", "max-age=600, must-revalidate", "s-maxage=600, max-age=9"})
    void asksNobodyWhileAPictureIsFresh(String cacheControl) throws Exception {
        answer(cacheControl, "old", OLD);
        Subject.Foreign first = find();
        pass(Duration.ofSeconds(599));
        assertThat(find()).isEqualTo(first);
        assertThat(host.requests()).hasSize(1);
        assertThat(first.reuse().freshUntil()).isEqualTo(now.plusSeconds(1));
    }

    @Test
    void usesWhatIsOldAndAsksInTheBackground() throws Exception {
        answer("max-age=600", "old", OLD);
        find();
        answer("max-age=600", "new", NEW);
        pass(Duration.ofMinutes(10));
        assertThat(find().width()).isEqualTo(20);
        await().atMost(Duration.ofSeconds(20)).until(() -> find().width() == 30);
        assertThat(host.requests()).hasSize(2);
        assertThat(host.requests().getLast()).contains("If-None-Match: \"old\"");

        host.answer("/a.jpg", "503 Service Unavailable", "");
        pass(STALE.plusSeconds(599));
        assertThat(find().width()).isEqualTo(30);
        pass(Duration.ofSeconds(1));
        assertUnavailable();
    }

    @Test
    void usesWhatIsOldWhereTheHostSaysNothing() throws Exception {
        answer("", "old", OLD);
        assertThat(find().reuse()).isEqualTo(new Reuse(null, null, STALE));
        host.answer("/a.jpg", "503 Service Unavailable", "");
        pass(STALE);
        assertThat(find().width()).isEqualTo(20);
    }

    @Test
    void usesNothingOldWhereTheSettingsForbidIt() throws Exception {
        pictures = new ForeignPictures(remote, engine, files, incoming, Duration.ZERO, () -> now);
        answer("max-age=60", "old", OLD);
        assertThat(find().reuse().stale()).isZero();
        host.answer("/a.jpg", "503 Service Unavailable", "");
        pass(Duration.ofSeconds(60));
        assertUnavailable();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "max-age=600, must-revalidate",
                "max-age=600, proxy-revalidate",
                "s-maxage=600",
                "max-age=600, s-maxage=300",
                "no-cache, max-age=600",
                "must-revalidate"
            })
    void usesNothingOldWhereTheHostForbidsIt(String cacheControl) throws Exception {
        answer(cacheControl, "old", OLD);
        assertThat(find().reuse().stale()).isZero();
        answer(cacheControl, "new", NEW);
        pass(Duration.ofMinutes(10));
        assertThat(find().width()).isEqualTo(30);
        host.answer("/a.jpg", "503 Service Unavailable", "");
        pass(Duration.ofMinutes(10));
        assertUnavailable();
        assertUnavailable();
        answer(cacheControl, "old", OLD);
        assertThat(find().width()).isEqualTo(20);
    }

    @Test
    void asksBeforeEachUseWhereTheHostWantsThat() throws Exception {
        answer("no-cache", "old", OLD);
        Subject.Foreign first = find();
        unchanged("no-cache");
        for (int i = 0; i < 3; i++) {
            assertThat(find().key()).isEqualTo(first.key());
        }
        assertThat(host.requests()).hasSize(4);
        assertThat(host.requests().getLast()).contains("If-None-Match: \"old\"");
        // As it was, where an answer does not repeat it.
        unchanged("");
        find();
        find();
        assertThat(host.requests()).hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-store", "private, max-age=600"})
    void keepsNothingThatMustNotBeKept(String cacheControl) throws Exception {
        answer(cacheControl, "old", OLD);
        Subject.Foreign one = find();
        Subject.Foreign other = find();
        assertThat(one.reuse().isKept()).isFalse();
        assertThat(one.content()).isEqualTo(other.content()).isEqualTo("foreign/" + one.hash());
        assertThat(one.key()).isNotEqualTo(other.key());
        assertThat(files.entries()).isEqualTo(2);
        pictures.release(one);
        pictures.release(other);
        assertThat(files.entries()).isZero();
        assertNothingIsLeft();
        assertThat(host.requests()).hasSize(2).noneMatch(request -> request.contains("If-None-Match"));
        answer("max-age=600", "new", NEW);
        pictures.release(find());
        assertThat(find().width()).isEqualTo(30);
        assertThat(host.requests()).hasSize(3);
    }

    private void assertNothingIsLeft() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            assertThat(all.filter(Files::isRegularFile).filter(file -> !file.endsWith("lock")))
                    .isEmpty();
        }
    }

    @Test
    void fetchesAnewWhatMustNoLongerBeKept() throws Exception {
        answer("max-age=600, must-revalidate", "old", OLD);
        find();
        pass(Duration.ofMinutes(10));
        host.answer("/a.jpg", out -> {
            boolean conditional = host.requests().getLast().contains("If-None-Match");
            out.write(PictureHost.bytes("HTTP/1.1 " + (conditional ? "304 Not Modified" : "200 OK")
                    + "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"));
            out.write(conditional ? new byte[0] : NEW);
        });
        Subject.Foreign found = find();
        assertThat(found.width()).isEqualTo(30);
        assertThat(found.reuse().isKept()).isFalse();
        assertThat(host.requests()).hasSize(3);
    }

    @Test
    void nobodySharesWhatIsForOneRequest() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        host.answer("/a.jpg", out -> {
            go.await();
            out.write(PictureHost.bytes("HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"));
            out.write(OLD);
        });
        try (var readers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Subject.Foreign>> all = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                all.add(readers.submit(this::find));
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> !host.requests().isEmpty());
            go.countDown();
            List<String> keys = new ArrayList<>();
            for (Future<Subject.Foreign> one : all) {
                keys.add(one.get().key());
            }
            assertThat(keys).doesNotHaveDuplicates();
        }
        assertThat(host.requests()).hasSize(10);
    }
}
