package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.CutProxy;
import dev.safelight.testing.PictureHost;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.RawHttp;
import dev.safelight.testing.RawHttp.Answer;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.Shield;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// A real shield in front of the packaged server, as `deploy/` configures it, and between them a network that
/// can be cut. Its marketing space is signed, so that nobody is told whether there is what they may not see.
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(ShowServerLog.class)
abstract class ShieldFixture {

    final CutProxy network = CutProxy.toNowhere();
    final PictureHost pictures;
    final SafelightProcess server;
    final Shield shield;
    final ApiUser admin;

    /// Starts it in front of a port.
    abstract Shield start(Path where, int origin);

    abstract String kind();

    /// Whether what it keeps outlives it.
    abstract boolean isDurable();

    /// Before any method, as they share it.
    ShieldFixture() {
        Path folder;
        try {
            pictures = new PictureHost();
            folder = Files.createTempDirectory(Path.of("target"), "shield-").toAbsolutePath();
            Files.createDirectories(folder.resolve(kind()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        shield = start(folder.resolve(kind()), network.port());
        server = SafelightProcess.serve(
                folder.resolve("server"),
                Map.of(
                        "SAFELIGHT_TRANSFORM_UNSIGNED",
                        "any",
                        "SAFELIGHT_DELIVERY_ACCESS_MARKETING",
                        "signed",
                        "SAFELIGHT_SIGNING_KEYS_0_ID",
                        "k1",
                        "SAFELIGHT_SIGNING_KEYS_0_SECRET",
                        "8f4b1c6d2e3a59708192a3b4c5d6e7f80123456789abcdeffedcba9876543210",
                        "SAFELIGHT_TRANSFORM_REMOTE_HOSTS",
                        "127.0.0.1:" + pictures.port(),
                        "SAFELIGHT_TRANSFORM_REMOTE_ALLOWPRIVATE",
                        "true",
                        "SAFELIGHT_DELIVERY_CACHETAGS",
                        "cache-tag,surrogate-key",
                        "SAFELIGHT_PURGE_EDGES_SHIELD_KIND",
                        kind(),
                        "SAFELIGHT_PURGE_EDGES_SHIELD_URLS",
                        shield.url(),
                        "SAFELIGHT_PURGE_EDGES_SHIELD_TOKEN",
                        Shield.TOKEN));
        network.forwardTo(server.url().getPort());
        admin = server.admin();
    }

    @BeforeAll
    void awaitTheOrigin() {
        await().atMost(Duration.ofSeconds(20)).until(() -> get("/v1/openapi").status() != 503);
    }

    @AfterAll
    void stop() throws IOException {
        pictures.close();
        admin.close();
        shield.close();
        server.close();
        network.close();
    }

    Answer get(String path, String... fields) throws IOException {
        return RawHttp.exchange(shield.port(), "GET", path, fields);
    }

    static boolean isHit(Answer answer) {
        return answer.fields().getOrDefault("x-cache", "").startsWith("HIT");
    }

    /// Asks until it is in the cache.
    Answer warm(String path, String... fields) {
        return await("a hit for " + path)
                .atMost(Duration.ofSeconds(10))
                .until(() -> get(path, fields), answer -> answer.status() == 200 && isHit(answer));
    }

    String upload(byte[] picture) {
        return admin.upload(UploadOrder.jpeg("a.jpg", picture.length), picture)
                .path("id")
                .asString();
    }

    String upload() {
        return upload(Pictures.jpeg(320, 240));
    }

    /// Uploads to a space, and approves.
    String uploadTo(String space) {
        byte[] picture = Pictures.jpeg(320, 240);
        String asset = admin.upload(UploadOrder.jpeg("a.jpg", picture.length).with("space", space), picture)
                .path("id")
                .asString();
        admin.post("/v1/assets/" + asset + "/moderation", "{\"status\":\"approved\",\"version\":1}");
        return asset;
    }

    JsonNode access(String asset, String more) {
        return admin.post("/v1/access", "{\"assets\":[\"%s\"]%s}".formatted(asset, more))
                .expect(200)
                .json();
    }

    /// A cookie that opens all of an asset.
    String cookie(String asset, int seconds) {
        String set = access(asset, ",\"as\":\"cookies\",\"ttl\":" + seconds)
                .at("/cookies/0")
                .asString();
        return "Cookie: theme=dark; " + set.replaceFirst(";.*", "");
    }

    String media(String asset) {
        String url = admin.asset(asset).at("/variants/0/url").asString();
        return url.substring(url.indexOf("/media/"));
    }

    void purge(String order) {
        String id =
                admin.post("/v1/purges", order).expect(202).json().path("id").asString();
        JsonNode end = await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> admin.get("/v1/purges/" + id).expect(200).json(),
                        purge -> !purge.path("state").asString().equals("RUNNING"));
        assertThat(end.path("state").asString()).as(end.toString()).isEqualTo("DONE");
    }
}
