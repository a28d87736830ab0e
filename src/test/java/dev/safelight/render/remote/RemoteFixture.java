package dev.safelight.render.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.Failure;
import dev.safelight.asset.Failure.Kind;
import dev.safelight.testing.PictureHost;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.springframework.util.unit.DataSize;

/// A foreign host under the name `pictures.example`, and a client that may ask it.
final class RemoteFixture implements AutoCloseable {
    static final int MOST = 100_000;
    /// All names lead to this machine.
    static final HostResolver HERE = name -> new InetAddress[] {InetAddress.getLoopbackAddress()};

    private static final Duration TIME = Duration.ofMillis(1_500);

    final PictureHost host;
    final RemotePictures pictures;
    private final Path folder;

    RemoteFixture(Path folder) throws IOException {
        this.folder = folder;
        this.host = new PictureHost();
        this.pictures = pictures(true, HERE, name());
    }

    static RemotePictures pictures(boolean allowPrivate, HostResolver resolver, String... hosts) {
        return new RemotePictures(
                new RemoteSettings(List.of(hosts), DataSize.ofBytes(MOST), TIME, 2, Duration.ZERO, allowPrivate),
                resolver);
    }

    /// As settings name the host.
    String name() {
        return "pictures.example:" + host.port();
    }

    String url(String path) {
        return "http://" + name() + path;
    }

    Path file() {
        return folder.resolve("picture");
    }

    RemoteAnswer.Fetched fetch(String path) throws IOException {
        return pictures.fetch(url(path), file());
    }

    void assertFails(Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.publicMessage()).doesNotContain("127.0.0.1", "localhost", "10.0.0");
        });
        assertThat(file()).doesNotExist();
    }

    @Override
    public void close() throws IOException {
        pictures.close();
        host.close();
    }
}
