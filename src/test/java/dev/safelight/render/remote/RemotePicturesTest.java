package dev.safelight.render.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.Failure;
import dev.safelight.asset.Failure.Kind;
import dev.safelight.asset.Reason;
import dev.safelight.testing.PictureHost;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

@Timeout(60)
class RemotePicturesTest {
    private static final int MOST = 100_000;
    private static final Duration TIME = Duration.ofMillis(1_500);

    @TempDir
    Path folder;

    private PictureHost host;
    private RemotePictures pictures;

    @BeforeEach
    void start() throws IOException {
        host = new PictureHost();
        pictures = pictures(true, "pictures.example:" + host.port());
    }

    @AfterEach
    void stop() throws IOException {
        pictures.close();
        host.close();
    }

    /// All names lead to this machine.
    private static RemotePictures pictures(boolean allowPrivate, String... hosts) {
        return pictures(allowPrivate, name -> new InetAddress[] {InetAddress.getLoopbackAddress()}, hosts);
    }

    private static RemotePictures pictures(boolean allowPrivate, HostResolver resolver, String... hosts) {
        return new RemotePictures(
                new RemoteSettings(List.of(hosts), DataSize.ofBytes(MOST), TIME, 2, Duration.ZERO, allowPrivate),
                resolver);
    }

    private String url(String path) {
        return "http://pictures.example:" + host.port() + path;
    }

    private Path file() {
        return folder.resolve("picture");
    }

    private RemoteAnswer.Fetched fetch(String path) throws IOException {
        return pictures.fetch(url(path), file());
    }

    private void assertFails(Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.publicMessage()).doesNotContain("127.0.0.1", "localhost", "10.0.0");
        });
        assertThat(file()).doesNotExist();
    }

    @Test
    void fetchesAPictureWithItsValidators() throws IOException {
        host.answer(
                "/a/x.png?w=1&b=%2F",
                "200 OK\nContent-Length: 7\nETag: \"abc\"\nLast-Modified: Sat, 21 Nov 2026 05:00:00 GMT\n"
                        + "Cache-Control: max-age=600",
                "picture");
        RemoteAnswer.Fetched fetched = fetch("/a/x.png?w=1&b=%2f");
        assertThat(file()).hasContent("picture");
        assertThat(fetched.bytes()).isEqualTo(7);
        assertThat(fetched.validators())
                .isEqualTo(new Validators("\"abc\"", "Sat, 21 Nov 2026 05:00:00 GMT", fresh(Duration.ofMinutes(10))));
    }

    @Test
    void asksForPlainBytesAndTellsNothingAboutItself() throws IOException {
        host.answer("/x", "200 OK\nSet-Cookie: a=b; Path=/", "picture");
        fetch("/x");
        Files.delete(file());
        fetch("/x");
        assertThat(host.requests())
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.lines())
                        .containsExactlyInAnyOrder(
                                "GET /x HTTP/1.1",
                                "Host: pictures.example:" + host.port(),
                                "User-Agent: Safelight",
                                "Accept: image/*",
                                "Accept-Encoding: identity"));
    }

    @Test
    void asksAgainByWhatItWasTold() throws IOException {
        Validators known = new Validators("\"abc\"", null, fresh(Duration.ofMinutes(1)));
        host.answer("/x", "304 Not Modified\nETag: \"abc\"\nCache-Control: max-age=700", "");
        assertThat(pictures.revalidate(url("/x"), known, file()))
                .isEqualTo(new RemoteAnswer.Unchanged(new Validators("\"abc\"", null, fresh(Duration.ofSeconds(700)))));
        assertThat(host.requests().getFirst()).contains("If-None-Match: \"abc\"");
        host.answer("/x", "200 OK", "new");
        assertThat(pictures.revalidate(url("/x"), known, file())).isInstanceOf(RemoteAnswer.Fetched.class);
        assertThat(file()).hasContent("new");
    }

    @Test
    void whatIsNotSaidAgainStaysAsItWas() throws IOException {
        Validators known = new Validators("\"abc\"", null, new Freshness(Duration.ofMinutes(5), true, false, true));
        host.answer("/x", "304 Not Modified", "");
        assertThat(pictures.revalidate(url("/x"), known, file())).isEqualTo(new RemoteAnswer.Unchanged(known));
        host.answer("/x", "304 Not Modified\nCache-Control: no-cache", "");
        assertThat(pictures.revalidate(url("/x"), known, file()).validators())
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
        host.answer("/x", status + " Whatever\nWWW-Authenticate: Basic realm=\"x\"", status == 204 ? "" : "picture");
        assertFails(kind, () -> fetch("/x"));
    }

    @Test
    void refusesAnEmptyBody() {
        host.answer("/x", "200 OK\nContent-Length: 0", "");
        assertFails(Kind.UNSUPPORTED, () -> fetch("/x"));
        assertThatThrownBy(() -> fetch("/x"))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.reason()).isEqualTo(Reason.EMPTY));
    }

    @Test
    void refusesACompressedAnswer() {
        host.answer("/x", out -> {
            out.write(PictureHost.bytes("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"));
            try (GZIPOutputStream bomb = new GZIPOutputStream(out)) {
                bomb.write(new byte[10 * MOST]);
            }
        });
        assertFails(Kind.UNSUPPORTED, () -> fetch("/x"));
    }

    @Test
    void refusesALengthThatIsTooLargeBeforeReading() {
        host.answer("/x", "200 OK\nContent-Length: " + (MOST + 1), "picture");
        assertFails(Kind.TOO_LARGE, () -> fetch("/x"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stopsReadingABodyWithoutEnd(boolean chunked) {
        host.answer("/x", out -> {
            String coding = chunked ? "Transfer-Encoding: chunked\r\n" : "";
            out.write(PictureHost.bytes("HTTP/1.1 200 OK\r\n" + coding + "Connection: close\r\n\r\n"));
            byte[] block = PictureHost.bytes(chunked ? "3e8\r\n" + "x".repeat(1_000) + "\r\n" : "x".repeat(1_000));
            while (true) {
                out.write(block);
            }
        });
        assertFails(Kind.TOO_LARGE, () -> fetch("/x"));
    }

    @Test
    void takesExactlyAsMuchAsIsAllowed() throws IOException {
        host.answer("/x", "200 OK", "x".repeat(MOST));
        assertThat(fetch("/x").bytes()).isEqualTo(MOST);
        Files.delete(file());
        host.answer("/x", "200 OK", "x".repeat(MOST + 1));
        assertFails(Kind.TOO_LARGE, () -> fetch("/x"));
    }

    @Test
    void refusesABodyShorterThanPromised() {
        host.answer("/x", "200 OK\nContent-Length: 1000", "picture");
        assertFails(Kind.UNAVAILABLE, () -> fetch("/x"));
        assertThatThrownBy(() -> fetch("/x")).hasMessageContaining("broke off");
    }

    @Test
    void readsNoFurtherThanPromised() throws IOException {
        host.answer("/x", "200 OK\nContent-Length: 3", "picture");
        fetch("/x");
        assertThat(file()).hasContent("pic");
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
        host.answer("/x", out -> {
            out.write(PictureHost.bytes(head));
            while (true) {
                out.write('x');
                out.flush();
                Thread.sleep(100);
            }
        });
        assertFails(Kind.UNAVAILABLE, () -> fetch("/x"));
    }

    @Test
    void givesUpOnHeadersWithoutEnd() {
        host.answer("/x", out -> {
            out.write(PictureHost.bytes("HTTP/1.1 200 OK\r\n"));
            while (true) {
                out.write(PictureHost.bytes("X-Field: " + "x".repeat(1_000) + "\r\n"));
            }
        });
        assertFails(Kind.UNAVAILABLE, () -> fetch("/x"));
    }

    @Test
    void givesUpOnALookupThatTakesTooLong() {
        CountDownLatch never = new CountDownLatch(1);
        HostResolver stuck = name -> {
            try {
                never.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException(name);
        };
        try (RemotePictures slow = pictures(true, stuck, "pictures.example")) {
            for (int i = 0; i < 5; i++) {
                assertFails(Kind.UNAVAILABLE, () -> slow.fetch("http://pictures.example/x", file()));
            }
        } finally {
            never.countDown();
        }
    }

    @Test
    void failsAlikeWhereNobodyAnswersAndWhereItMustNotAsk() throws IOException {
        PictureHost closed = new PictureHost();
        closed.close();
        HostResolver unknown = name -> {
            throw new UnknownHostException(name);
        };
        List<Failure> failures = new ArrayList<>();
        try (RemotePictures careful = pictures(false, "pictures.example:" + host.port());
                RemotePictures lost = pictures(false, unknown, "pictures.example:" + host.port());
                RemotePictures refused = pictures(true, "pictures.example:" + closed.port())) {
            String nobody = "http://pictures.example:" + closed.port() + "/x";
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> careful.fetch(url("/x"), file()),
                    () -> lost.fetch(url("/x"), file()),
                    () -> refused.fetch(nobody, file()))) {
                assertThatThrownBy(call).isInstanceOfSatisfying(Failure.class, failures::add);
            }
        }
        assertThat(failures)
                .hasSize(3)
                .allSatisfy(failure -> assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE));
        assertThat(failures.stream().map(Failure::publicMessage).distinct()).hasSize(1);
        assertThat(host.requests()).isEmpty();
    }

    @Test
    void connectsToTheAddressThatWasCheckedAndToNoOther() throws IOException {
        host.answer("/x", "200 OK", "picture");
        AtomicInteger lookups = new AtomicInteger();
        InetAddress[] denied = {InetAddress.ofLiteral("169.254.169.254")};
        InetAddress[] both = {denied[0], InetAddress.getLoopbackAddress()};
        HostResolver rebinding = name -> lookups.getAndIncrement() % 2 == 0 ? denied : both;
        try (RemotePictures careful = pictures(true, rebinding, "pictures.example:" + host.port())) {
            assertFails(Kind.UNAVAILABLE, () -> careful.fetch(url("/x"), file()));
            assertThat(host.requests()).isEmpty();
            assertThat(lookups).hasValue(1);
            careful.fetch(url("/x"), file());
            assertThat(lookups).hasValue(2);
        }
        assertThat(file()).hasContent("picture");
    }

    @Test
    void followsARedirectToAnAllowedHost() throws IOException {
        host.answer("/a", "301 Moved\nLocation: /b", "")
                .answer("/b", "307 Moved\nLocation: " + url("/c/d"), "")
                .answer("/c/d", "308 Moved\nLocation: ../e", "")
                .answer("/e", "200 OK", "picture");
        fetch("/a");
        assertThat(file()).hasContent("picture");
    }

    @Test
    void givesUpOnALoopOfRedirects() {
        host.answer("/a", "302 Found\nLocation: /b", "").answer("/b", "302 Found\nLocation: /a", "");
        assertFails(Kind.FORBIDDEN, () -> fetch("/a"));
        assertThat(host.requests()).hasSize(4);
    }

    static Stream<String> elsewhere() {
        return Stream.of(
                        "http://127.0.0.1:PORT/x http://localhost:PORT/x http://10.0.0.1/x http://[::1]:PORT/x",
                        "http://2130706433:PORT/x //other.example:PORT/x http://pictures.example:1/x file:///etc/passwd",
                        "ftp://pictures.example:PORT/x http://user@pictures.example:PORT/x /../x /%2e%2e/x gopher:x \0",
                        "http://pictures.example:PORT\\@other.example/x http://pictures.example/x http://%00/x")
                .flatMap(line -> Stream.of(line.split(" ")));
    }

    @ParameterizedTest
    @MethodSource("elsewhere")
    void refusesARedirectToElsewhere(String location) {
        host.answer("/a", "302 Found\nLocation: " + location.replace("PORT", "" + host.port()), "")
                .answer("/x", "200 OK", "secret");
        assertThatThrownBy(() -> fetch("/a")).isInstanceOf(Failure.class);
        assertThat(file()).doesNotExist();
        assertThat(host.requests()).hasSize(1);
    }

    @Test
    void checksTheAddressOfARedirectToo() throws IOException {
        host.answer("/a", "302 Found\nLocation: http://inside.example:" + host.port() + "/x", "")
                .answer("/x", "200 OK", "secret");
        HostResolver byName = name -> new InetAddress[] {
            InetAddress.ofLiteral(name.equals("inside.example") ? "169.254.169.254" : "127.0.0.1")
        };
        try (RemotePictures internal = pictures(true, byName, "*.example:" + host.port())) {
            assertFails(Kind.UNAVAILABLE, () -> internal.fetch(url("/a"), file()));
        }
        assertThat(host.requests()).hasSize(1);
    }

    @Test
    void fetchesNothingUnlessAHostIsListed() {
        AtomicInteger lookups = new AtomicInteger();
        HostResolver counting = name -> {
            lookups.incrementAndGet();
            throw new UnknownHostException(name);
        };
        try (RemotePictures none = pictures(true, counting)) {
            assertFails(Kind.FORBIDDEN, () -> none.fetch(url("/x"), file()));
            assertFails(Kind.FORBIDDEN, () -> none.check(url("/x")));
            assertThatThrownBy(() -> none.check(url("/x")))
                    .hasMessage("safelight.transform.remote.hosts does not list pictures.example, port %d and path"
                            .formatted(host.port()));
            assertFails(Kind.INVALID, () -> none.fetch("http://user@pictures.example/x", file()));
        }
        assertThat(lookups).hasValue(0);
    }

    @Test
    void saysTheOneFormOfAnAddress() {
        assertThat(pictures.check("HTTP://Pictures.Example.:" + host.port() + "/x#y"))
                .isEqualTo(url("/x"));
    }

    @Test
    void isBusyWhenAllPlacesAreTaken() throws Exception {
        CountDownLatch arrived = new CountDownLatch(2);
        CountDownLatch go = new CountDownLatch(1);
        host.answer("/slow", out -> {
            arrived.countDown();
            go.await();
            answerPicture(out);
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                RemotePictures patient = new RemotePictures(
                        new RemoteSettings(
                                List.of("pictures.example:" + host.port()),
                                DataSize.ofBytes(MOST),
                                Duration.ofSeconds(30),
                                2,
                                Duration.ZERO,
                                true),
                        name -> new InetAddress[] {InetAddress.getLoopbackAddress()})) {
            Future<?> one = threads.submit(() -> patient.fetch(url("/slow"), folder.resolve("one")));
            Future<?> two = threads.submit(() -> patient.fetch(url("/slow"), folder.resolve("two")));
            assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
            assertFails(Kind.BUSY, () -> patient.fetch(url("/slow"), file()));
            go.countDown();
            one.get();
            two.get();
            patient.fetch(url("/slow"), file());
        }
        assertThat(file()).hasContent("picture");
    }

    private static void answerPicture(OutputStream out) throws IOException {
        out.write(PictureHost.bytes("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\npicture"));
    }
}
