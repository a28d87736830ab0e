package dev.safelight.render.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.Failure;
import dev.safelight.asset.Failure.Kind;
import dev.safelight.testing.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Which hosts and addresses are asked, also where a redirect or the name service leads to others.
@Timeout(60)
class RemoteAddressesTest {
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
        try (RemotePictures slow = RemoteFixture.pictures(true, stuck, "pictures.example")) {
            for (int i = 0; i < 5; i++) {
                remote.assertFails(Kind.UNAVAILABLE, () -> slow.fetch("http://pictures.example/x", remote.file()));
            }
        } finally {
            never.countDown();
        }
    }

    @Test
    void failsAlikeWhereNobodyAnswersAndWhereItMustNotAsk() {
        String nobody = "pictures.example:" + FreePort.take();
        HostResolver unknown = name -> {
            throw new UnknownHostException(name);
        };
        List<Failure> failures = new ArrayList<>();
        try (RemotePictures careful = RemoteFixture.pictures(false, RemoteFixture.HERE, remote.name());
                RemotePictures lost = RemoteFixture.pictures(false, unknown, remote.name());
                RemotePictures refused = RemoteFixture.pictures(true, RemoteFixture.HERE, nobody)) {
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> careful.fetch(remote.url("/x"), remote.file()),
                    () -> lost.fetch(remote.url("/x"), remote.file()),
                    () -> refused.fetch("http://" + nobody + "/x", remote.file()))) {
                assertThatThrownBy(call).isInstanceOfSatisfying(Failure.class, failures::add);
            }
        }
        assertThat(failures)
                .hasSize(3)
                .allSatisfy(failure -> assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE));
        assertThat(failures.stream().map(Failure::publicMessage).distinct()).hasSize(1);
        assertThat(remote.host.requests()).isEmpty();
    }

    @Test
    void connectsToTheAddressThatWasCheckedAndToNoOther() throws IOException {
        remote.host.answer("/x", "200 OK", "picture");
        AtomicInteger lookups = new AtomicInteger();
        InetAddress[] denied = {InetAddress.ofLiteral("169.254.169.254")};
        InetAddress[] both = {denied[0], InetAddress.getLoopbackAddress()};
        HostResolver rebinding = name -> lookups.getAndIncrement() % 2 == 0 ? denied : both;
        try (RemotePictures careful = RemoteFixture.pictures(true, rebinding, remote.name())) {
            remote.assertFails(Kind.UNAVAILABLE, () -> careful.fetch(remote.url("/x"), remote.file()));
            assertThat(remote.host.requests()).isEmpty();
            assertThat(lookups).hasValue(1);
            careful.fetch(remote.url("/x"), remote.file());
            assertThat(lookups).hasValue(2);
        }
        assertThat(remote.file()).hasContent("picture");
    }

    @Test
    void followsARedirectToAnAllowedHost() throws IOException {
        remote.host
                .answer("/a", "301 Moved\nLocation: /b", "")
                .answer("/b", "307 Moved\nLocation: " + remote.url("/c/d"), "")
                .answer("/c/d", "308 Moved\nLocation: ../e", "")
                .answer("/e", "200 OK", "picture");
        remote.fetch("/a");
        assertThat(remote.file()).hasContent("picture");
    }

    @Test
    void givesUpOnALoopOfRedirects() {
        remote.host.answer("/a", "302 Found\nLocation: /b", "").answer("/b", "302 Found\nLocation: /a", "");
        remote.assertFails(Kind.FORBIDDEN, () -> remote.fetch("/a"));
        assertThat(remote.host.requests()).hasSize(4);
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
        remote.host
                .answer("/a", "302 Found\nLocation: " + location.replace("PORT", "" + remote.host.port()), "")
                .answer("/x", "200 OK", "secret");
        assertThatThrownBy(() -> remote.fetch("/a")).isInstanceOf(Failure.class);
        assertThat(remote.file()).doesNotExist();
        assertThat(remote.host.requests()).hasSize(1);
    }

    @Test
    void checksTheAddressOfARedirectToo() throws IOException {
        remote.host
                .answer("/a", "302 Found\nLocation: http://inside.example:" + remote.host.port() + "/x", "")
                .answer("/x", "200 OK", "secret");
        HostResolver byName = name -> new InetAddress[] {
            InetAddress.ofLiteral(name.equals("inside.example") ? "169.254.169.254" : "127.0.0.1")
        };
        try (RemotePictures internal = RemoteFixture.pictures(true, byName, "*.example:" + remote.host.port())) {
            remote.assertFails(Kind.UNAVAILABLE, () -> internal.fetch(remote.url("/a"), remote.file()));
        }
        assertThat(remote.host.requests()).hasSize(1);
    }

    @Test
    void fetchesNothingUnlessAHostIsListed() {
        AtomicInteger lookups = new AtomicInteger();
        HostResolver counting = name -> {
            lookups.incrementAndGet();
            throw new UnknownHostException(name);
        };
        try (RemotePictures none = RemoteFixture.pictures(true, counting)) {
            remote.assertFails(Kind.FORBIDDEN, () -> none.fetch(remote.url("/x"), remote.file()));
            remote.assertFails(Kind.FORBIDDEN, () -> none.check(remote.url("/x")));
            assertThatThrownBy(() -> none.check(remote.url("/x")))
                    .hasMessage("safelight.transform.remote.hosts does not list pictures.example, port %d and path"
                            .formatted(remote.host.port()));
            remote.assertFails(Kind.INVALID, () -> none.fetch("http://user@pictures.example/x", remote.file()));
        }
        assertThat(lookups).hasValue(0);
    }

    @Test
    void saysTheOneFormOfAnAddress() {
        assertThat(remote.pictures.check("HTTP://Pictures.Example.:" + remote.host.port() + "/x#y"))
                .isEqualTo(remote.url("/x"));
    }
}
