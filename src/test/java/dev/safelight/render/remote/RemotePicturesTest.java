package dev.safelight.render.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.Failure;
import dev.safelight.asset.Failure.Kind;
import dev.safelight.asset.Reason;
import dev.safelight.testing.PictureHost;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/// What hosts answer, and how long that may be and take.
@Timeout(60)
class RemotePicturesTest {
    @TempDir
    Path folder;

    private RemoteFixture remote;

    @BeforeEach
    void start() throws IOException {
        remote = new RemoteFixture(folder);
    }

    @AfterEach
    void stop() throws IOException {
        remote.close();
    }

    @Test
    void fetchesAPictureWithItsValidators() throws IOException {
        remote.host.answer(
                "/a/x.png?w=1&b=%2F",
                "200 OK\nContent-Length: 7\nETag: \"abc\"\nLast-Modified: Sat, 21 Nov 2026 05:00:00 GMT\n"
                        + "Cache-Control: max-age=600",
                "picture");
        RemoteAnswer.Fetched fetched = remote.fetch("/a/x.png?w=1&b=%2f");
        assertThat(remote.file()).hasContent("picture");
        assertThat(fetched.bytes()).isEqualTo(7);
        assertThat(fetched.validators())
                .isEqualTo(new Validators("\"abc\"", "Sat, 21 Nov 2026 05:00:00 GMT", fresh(Duration.ofMinutes(10))));
    }

    @Test
    void asksForPlainBytesAndTellsNothingAboutItself() throws IOException {
        remote.host.answer("/x", "200 OK\nSet-Cookie: a=b; Path=/", "picture");
        remote.fetch("/x");
        Files.delete(remote.file());
        remote.fetch("/x");
        assertThat(remote.host.requests())
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.lines())
                        .containsExactlyInAnyOrder(
                                "GET /x HTTP/1.1",
                                "Host: pictures.example:" + remote.host.port(),
                                "User-Agent: Safelight",
                                "Accept: image/*",
                                "Accept-Encoding: identity"));
    }

    @Test
    void asksAgainByWhatItWasTold() throws IOException {
        Validators known = new Validators("\"abc\"", null, fresh(Duration.ofMinutes(1)));
        remote.host.answer("/x", "304 Not Modified\nETag: \"abc\"\nCache-Control: max-age=700", "");
        assertThat(remote.pictures.revalidate(remote.url("/x"), known, remote.file()))
                .isEqualTo(new RemoteAnswer.Unchanged(new Validators("\"abc\"", null, fresh(Duration.ofSeconds(700)))));
        assertThat(remote.host.requests().getFirst()).contains("If-None-Match: \"abc\"");
        remote.host.answer("/x", "200 OK", "new");
        assertThat(remote.pictures.revalidate(remote.url("/x"), known, remote.file()))
                .isInstanceOf(RemoteAnswer.Fetched.class);
        assertThat(remote.file()).hasContent("new");
    }

    @Test
    void whatIsNotSaidAgainStaysAsItWas() throws IOException {
        Validators known = new Validators("\"abc\"", null, new Freshness(Duration.ofMinutes(5), true, false, true));
        remote.host.answer("/x", "304 Not Modified", "");
        assertThat(remote.pictures.revalidate(remote.url("/x"), known, remote.file()))
                .isEqualTo(new RemoteAnswer.Unchanged(known));
        remote.host.answer("/x", "304 Not Modified\nCache-Control: no-cache", "");
        assertThat(remote.pictures
                        .revalidate(remote.url("/x"), known, remote.file())
                        .validators())
                .isEqualTo(new Validators("\"abc\"", null, new Freshness(Duration.ZERO, true, false, true)));
    }

    private static Freshness fresh(Duration lifetime) {
        return new Freshness(lifetime, true, true, true);
    }

    @ParameterizedTest
    @CsvSource({
        "404, NOT_FOUND",
        "410, NOT_FOUND",
        "500, UNAVAILABLE",
        "503, UNAVAILABLE",
        "403, NOT_FOUND",
        "401, NOT_FOUND",
        "400, NOT_FOUND",
        "451, NOT_FOUND",
        "408, UNAVAILABLE",
        "429, UNAVAILABLE",
        "204, UNAVAILABLE",
        "206, UNAVAILABLE",
        "304, UNAVAILABLE",
        "302, UNAVAILABLE",
        "407, NOT_FOUND"
    })
    void takesOnlyAPictureForAPicture(int status, Kind kind) {
        remote.host.answer(
                "/x", status + " Whatever\nWWW-Authenticate: Basic realm=\"x\"", status == 204 ? "" : "picture");
        remote.assertFails(kind, () -> remote.fetch("/x"));
    }

    @Test
    void refusesAnEmptyBody() {
        remote.host.answer("/x", "200 OK\nContent-Length: 0", "");
        remote.assertFails(Kind.UNSUPPORTED, () -> remote.fetch("/x"));
        assertThatThrownBy(() -> remote.fetch("/x"))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.reason()).isEqualTo(Reason.EMPTY));
    }

    @Test
    void refusesACompressedAnswer() {
        remote.host.answer("/x", out -> {
            out.write(PictureHost.bytes("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"));
            try (GZIPOutputStream bomb = new GZIPOutputStream(out)) {
                bomb.write(new byte[10 * RemoteFixture.MOST]);
            }
        });
        remote.assertFails(Kind.UNSUPPORTED, () -> remote.fetch("/x"));
    }

    @Test
    void refusesALengthThatIsTooLargeBeforeReading() {
        remote.host.answer("/x", "200 OK\nContent-Length: " + (RemoteFixture.MOST + 1), "picture");
        remote.assertFails(Kind.TOO_LARGE, () -> remote.fetch("/x"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stopsReadingABodyWithoutEnd(boolean chunked) {
        remote.host.answer("/x", out -> {
            String coding = chunked ? "Transfer-Encoding: chunked\r\n" : "";
            out.write(PictureHost.bytes("HTTP/1.1 200 OK\r\n" + coding + "Connection: close\r\n\r\n"));
            byte[] block = PictureHost.bytes(chunked ? "3e8\r\n" + "x".repeat(1_000) + "\r\n" : "x".repeat(1_000));
            while (true) {
                out.write(block);
            }
        });
        remote.assertFails(Kind.TOO_LARGE, () -> remote.fetch("/x"));
    }

    @Test
    void takesExactlyAsMuchAsIsAllowed() throws IOException {
        remote.host.answer("/x", "200 OK", "x".repeat(RemoteFixture.MOST));
        assertThat(remote.fetch("/x").bytes()).isEqualTo(RemoteFixture.MOST);
        Files.delete(remote.file());
        remote.host.answer("/x", "200 OK", "x".repeat(RemoteFixture.MOST + 1));
        remote.assertFails(Kind.TOO_LARGE, () -> remote.fetch("/x"));
    }

    @Test
    void refusesABodyShorterThanPromised() {
        remote.host.answer("/x", "200 OK\nContent-Length: 1000", "picture");
        remote.assertFails(Kind.UNAVAILABLE, () -> remote.fetch("/x"));
        assertThatThrownBy(() -> remote.fetch("/x")).hasMessageContaining("broke off");
    }

    @Test
    void readsNoFurtherThanPromised() throws IOException {
        remote.host.answer("/x", "200 OK\nContent-Length: 3", "picture");
        remote.fetch("/x");
        assertThat(remote.file()).hasContent("pic");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-Slow: ",
                "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
                ""
            })
    void givesUpOnAHostThatSendsByteByByte(String head) {
        remote.host.answer("/x", out -> {
            out.write(PictureHost.bytes(head));
            while (true) {
                out.write('x');
                out.flush();
                Thread.sleep(100);
            }
        });
        remote.assertFails(Kind.UNAVAILABLE, () -> remote.fetch("/x"));
    }

    @Test
    void givesUpOnHeadersWithoutEnd() {
        remote.host.answer("/x", out -> {
            out.write(PictureHost.bytes("HTTP/1.1 200 OK\r\n"));
            while (true) {
                out.write(PictureHost.bytes("X-Field: " + "x".repeat(1_000) + "\r\n"));
            }
        });
        remote.assertFails(Kind.UNAVAILABLE, () -> remote.fetch("/x"));
    }

    @Test
    void isBusyWhenAllPlacesAreTaken() throws Exception {
        CountDownLatch arrived = new CountDownLatch(2);
        CountDownLatch go = new CountDownLatch(1);
        remote.host.answer("/slow", out -> {
            arrived.countDown();
            go.await();
            answerPicture(out);
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                RemotePictures patient = new RemotePictures(
                        new RemoteSettings(
                                List.of(remote.name()),
                                DataSize.ofBytes(RemoteFixture.MOST),
                                Duration.ofSeconds(30),
                                2,
                                Duration.ZERO,
                                true),
                        RemoteFixture.HERE)) {
            Future<?> one = threads.submit(() -> patient.fetch(remote.url("/slow"), folder.resolve("one")));
            Future<?> two = threads.submit(() -> patient.fetch(remote.url("/slow"), folder.resolve("two")));
            assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
            remote.assertFails(Kind.BUSY, () -> patient.fetch(remote.url("/slow"), remote.file()));
            go.countDown();
            one.get();
            two.get();
            patient.fetch(remote.url("/slow"), remote.file());
        }
        assertThat(remote.file()).hasContent("picture");
    }

    private static void answerPicture(OutputStream out) throws IOException {
        out.write(PictureHost.bytes("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\npicture"));
    }
}
