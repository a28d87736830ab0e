package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.testing.RawHttp;
import dev.safelight.testing.Shield;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("edge")
class NginxIT extends ShieldContract {
    @TempDir
    Path folder = Path.of("");

    @Override
    Shield start(Path where, int origin) {
        return Shield.nginx(where, origin);
    }

    @Override
    String kind() {
        return "nginx";
    }

    @Override
    boolean isDurable() {
        return true;
    }

    private static int purgeByHand(Shield of, String lines) throws IOException {
        try (RawHttp http = RawHttp.connect(of.port())) {
            http.send("POST /.safelight/purge HTTP/1.1\r\nHost: x\r\nConnection: close\r\nSafelight-Purge-Token: "
                    + Shield.TOKEN + "\r\nContent-Length: " + lines.length() + "\r\n\r\n" + lines);
            return http.receive(false).status();
        }
    }

    private static boolean isHit(Shield of, String path) throws IOException {
        return isHit(RawHttp.exchange(of.port(), "GET", path));
    }

    private static void warm(Shield of, String path) {
        await("a hit for " + path).atMost(Duration.ofSeconds(10)).until(() -> isHit(of, path));
    }

    /// As many as fit into a request.
    private static String otherAssets() {
        return IntStream.range(0, 1_000)
                .mapToObj(_ -> "tag asset-" + UUID.randomUUID() + "\n")
                .collect(Collectors.joining());
    }

    @Test
    void keepsWhatLiesOutsideOfTheFirstFolderThatIsPurged() throws Exception {
        String path = media(upload());
        String onRequest = "/images/" + upload() + "?width=96";
        try (Shield own = Shield.nginx(folder, network.port())) {
            warm(own, path);
            warm(own, onRequest);

            assertThat(purgeByHand(own, "prefix /images/\n")).isEqualTo(204);

            assertThat(isHit(own, path)).isTrue();
            assertThat(isHit(own, onRequest)).isFalse();
            warm(own, onRequest);
            assertThat(purgeByHand(own, "prefix /media/image/\n")).isEqualTo(204);
            assertThat(isHit(own, path)).isFalse();
            assertThat(isHit(own, onRequest)).isTrue();
        }
    }

    @Test
    void purgesAllTheSameWhenItsMemoryIsFull() throws Exception {
        String asset = upload();
        String path = media(asset);
        try (Shield small = Shield.nginx(folder, network.port(), "64k")) {
            for (int i = 0; i < 3; i++) {
                assertThat(purgeByHand(small, otherAssets())).isEqualTo(204);
                warm(small, path);
                assertThat(purgeByHand(small, "tag asset-" + asset + "\n")).isEqualTo(204);
                assertThat(isHit(small, path)).isFalse();
                warm(small, path);
            }
            assertThat(purgeByHand(small, "tag asset-" + asset + "\n")).isEqualTo(204);

            small.killAndRestart();

            assertThat(isHit(small, path)).isFalse();
            warm(small, path);
        }
    }
}
