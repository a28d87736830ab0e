package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.testing.PlainOrigin;
import dev.safelight.testing.RawHttp;
import dev.safelight.testing.RawHttp.Answer;
import dev.safelight.testing.Shield;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What nginx notes of purges, where something comes in between: a full disk, an answer that was under way.
@Tag("edge")
class NginxGenerationsIT {
    private static final Duration SOON = Duration.ofSeconds(8);

    private final String asset = UUID.randomUUID().toString();
    private final String mark = UUID.randomUUID().toString();
    private final String path = "/images/" + asset + "?width=96";
    private final PlainOrigin origin = new PlainOrigin();

    @TempDir
    Path folder = Path.of("");

    @BeforeEach
    void start() {
        origin.allow("public, max-age=31536000");
        origin.tag("asset-%s,asset-%s".formatted(asset, mark));
    }

    @AfterEach
    void stop() {
        origin.close();
    }

    private Shield nginx() {
        return Shield.nginx(folder, origin.port());
    }

    private static void purge(Shield shield, String line) throws IOException {
        try (RawHttp http = RawHttp.connect(shield.port())) {
            http.send("POST /.safelight/purge HTTP/1.1\r\nHost: x\r\nConnection: close\r\nSafelight-Purge-Token: "
                    + Shield.TOKEN + "\r\nContent-Length: " + line.length() + "\r\n\r\n" + line);
            assertThat(http.receive(false).status()).isEqualTo(204);
        }
    }

    private static Answer get(Shield shield, String path) throws IOException {
        return RawHttp.exchange(shield.port(), "GET", path);
    }

    private static boolean isHit(Shield shield, String path) throws IOException {
        return get(shield, path).fields().getOrDefault("x-cache", "").equals("HIT");
    }

    private void warm(Shield shield) {
        await().atMost(SOON).until(() -> isHit(shield, path));
    }

    private Path generations() {
        return folder.resolve("generations");
    }

    /// A disk that has room for nothing tells so when a file is closed.
    private void fill() throws IOException {
        await().atMost(SOON).until(() -> Files.size(generations()) > 0);
        Files.delete(generations());
        Files.createSymbolicLink(generations(), Path.of("/dev/full"));
    }

    @Test
    void beginsEmptyWhenAPurgeCouldNotBeNoted() throws Exception {
        try (Shield shield = nginx()) {
            warm(shield);
            fill();
            // In the way of another file with all that is known.
            Files.createDirectories(folder.resolve("generations.new/x"));

            purge(shield, "path /images/another\n");

            assertThat(Files.isSymbolicLink(generations()))
                    .as("a file that misses a purge")
                    .isFalse();
            assertThat(isHit(shield, path)).isTrue();
            assertThat(Files.readString(folder.resolve("logs/error.log")))
                    .contains("cannot be written, so the cache begins empty at the next start");
            shield.killAndRestart();
            assertThat(isHit(shield, path)).isFalse();
        }
    }

    @Test
    void writesAllThatIsKnownWhenALineCouldNotBeAdded() throws Exception {
        try (Shield shield = nginx()) {
            purge(shield, "path /images/a\n");
            fill();

            purge(shield, "path /images/b\n");

            assertThat(Files.readString(generations())).contains("all ", "path:/images/a 1\n", "path:/images/b 1\n");
        }
    }

    /// The purge did not know yet that the picture shows what is purged.
    @Test
    void keepsNoAnswerThatAPurgeOfItsWatermarkOvertook() throws Exception {
        try (Shield shield = nginx();
                var other = Executors.newVirtualThreadPerTaskExecutor()) {
            origin.delay(Duration.ofSeconds(2));
            var underWay = other.submit(() -> get(shield, path));
            await().atMost(SOON).until(() -> origin.asked().get() == 1);

            purge(shield, "tag asset-" + mark + "\n");

            assertThat(underWay.get().status()).isEqualTo(200);
            origin.delay(Duration.ZERO);
            assertThat(isHit(shield, path)).isFalse();
            warm(shield);
            purge(shield, "tag asset-" + mark + "\n");
            assertThat(isHit(shield, path)).isFalse();
        }
    }

    @Test
    void knowsWatermarksAfterARestart() throws Exception {
        try (Shield shield = nginx()) {
            for (int i = 0; i < 3; i++) {
                purge(shield, "path /images/another\n");
            }
            warm(shield);
            shield.killAndRestart();
            warm(shield);
            purge(shield, "tag asset-" + mark + "\n");
            assertThat(isHit(shield, path)).isFalse();
            warm(shield);
        }
    }
}
