package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.Reply;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import dev.safelight.transform.Signatures;
import dev.safelight.transform.Signatures.KeyPair;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

/// Pictures on request where nothing is free: signed addresses, presets, pictures of another host, results that outlive
/// their process.
@ExtendWith(ShowServerLog.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignedImagesIT {
    private static final String KEY = "943b421c9eb07c830af81030552c86009268de4e532ba2ee2eab8247c6da0881";
    private static final String SALT = "520f986b998545b4785e0defbc4f3c1203f22de2374a3d53cb7a7fe9fea309c5";
    private static final String OLD_KEY = "00112233445566778899aabbccddeeff";

    private final AtomicInteger fetches = new AtomicInteger();
    private final HttpServer elsewhere;
    private final Path data;
    private final Signatures signatures = new Signatures(List.of(pair(KEY, SALT)), 32);

    private SafelightProcess server;
    private ApiUser admin;
    private ApiUser visitor;
    private final String photo;

    SignedImagesIT(@TempDir Path folder) throws IOException {
        this.data = folder.resolve("data");
        byte[] picture = Pictures.png(640, 480);
        this.elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        elsewhere.createContext("/pictures/", exchange -> {
            fetches.incrementAndGet();
            byte[] body = switch (exchange.getRequestURI().getPath()) {
                case "/pictures/text" -> "no picture".getBytes(StandardCharsets.UTF_8);
                case "/pictures/bomb" -> Pictures.bombPng(60_000, 60_000);
                case "/pictures/cut" -> Arrays.copyOf(picture, picture.length / 2);
                case "/pictures/script" ->
                    Pictures.svg(10, 10, "<script>alert(1)</script>").getBytes(StandardCharsets.UTF_8);
                default -> picture;
            };
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        elsewhere.start();
        start();
        byte[] original = Pictures.cameraJpeg(1600, 1200, 1);
        this.photo = admin.upload(UploadOrder.jpeg("photo.jpg", original.length), original)
                .path("id")
                .asString();
    }

    private void start() {
        this.server = SafelightProcess.serve(
                data,
                Map.of(
                        "SAFELIGHT_TRANSFORM_UNSIGNED", "presets",
                        "SAFELIGHT_TRANSFORM_KEYS_0_KEY", KEY,
                        "SAFELIGHT_TRANSFORM_KEYS_0_SALT", SALT,
                        "SAFELIGHT_TRANSFORM_KEYS_1_KEY", OLD_KEY,
                        "SAFELIGHT_TRANSFORM_PRESETS_CARD", "width=200&height=100&fit=cover",
                        "SAFELIGHT_TRANSFORM_PRESETS_DOT", "rs:fill:64:64/gs:1",
                        "SAFELIGHT_TRANSFORM_REMOTE_HOSTS",
                                "127.0.0.1:" + elsewhere.getAddress().getPort() + "/pictures/",
                        "SAFELIGHT_TRANSFORM_REMOTE_ALLOWPRIVATE", "true",
                        "SAFELIGHT_RENDER_KEEP", "presets",
                        "SAFELIGHT_RENDER_QUEUE", "2"));
        this.admin = server.admin();
        this.visitor = admin.anonymous();
    }

    @AfterAll
    void stop() {
        server.close();
        elsewhere.stop(0);
    }

    private static KeyPair pair(String key, String salt) {
        return new KeyPair(HexFormat.of().parseHex(key), HexFormat.of().parseHex(salt));
    }

    private static BufferedImage picture(Reply reply) {
        return Pictures.decoded(reply.expect(200).bytes());
    }

    @Test
    void takesSignedAddressesOfBothFormsOnly() {
        String path = "/images/" + photo + ".jpg";
        String proxied = "/rs:fit:333/plain/" + photo + "@jpg";
        String old = new Signatures(List.of(pair(OLD_KEY, "")), 32).signQuery(path, "width=333");

        assertThat(picture(visitor.get(signatures.signQuery(path, "width=333"))).getWidth())
                .isEqualTo(333);
        assertThat(picture(visitor.get(signatures.signPath(proxied))).getWidth())
                .isEqualTo(333);
        visitor.get(old).expect(200);
        visitor.get(signatures.signQuery(path, "width=333").replace("333", "334"))
                .expectProblem(403);
        visitor.get(signatures.signPath(proxied).replace("333", "334")).expectProblem(403);
        visitor.get(path + "?width=333&s=").expectProblem(403);
        visitor.get(path + "?width=333&s=" + "A".repeat(43)).expectProblem(403);
        visitor.get("/" + "A".repeat(43) + proxied).expectProblem(403);
        visitor.get(path + "?width=333").expectProblem(400);
        visitor.get("/unsafe" + proxied).expectProblem(400);
    }

    @Test
    void expiresWhenTheAddressSays() {
        String path = "/images/" + photo + ".jpg";
        long soon = Instant.now().plusSeconds(600).getEpochSecond();
        Reply reply = visitor.get(signatures.signQuery(path, "width=222&expires=" + soon))
                .expect(200);
        long maxAge = Long.parseLong(reply.header("Cache-Control").replaceAll(".*max-age=", ""));

        assertThat(maxAge).isBetween(500L, 600L);
        visitor.get(signatures.signQuery(path, "width=222&expires=1000")).expectProblem(404);
        visitor.get(signatures.signPath("/rs:fit:222/exp:1000/plain/" + photo)).expectProblem(404);
    }

    @Test
    void givesPresetsToAnybody() {
        assertThat(picture(visitor.get("/images/" + photo + ".jpg?preset=card")).getHeight())
                .isEqualTo(100);
        assertThat(picture(visitor.get("/unsafe/pr:dot/plain/" + photo + "@jpg"))
                        .getHeight())
                .isEqualTo(64);
        visitor.get("/images/" + photo + ".jpg?preset=card&width=300").expectProblem(400);
        assertThat(visitor.get("/images/" + photo + ".jpg?preset=none")
                        .expectProblem(400)
                        .detail())
                .contains("preset");
    }

    @Test
    void laysAnApprovedPictureOverTheResult() {
        byte[] red = Pictures.encoded(square(), "png");
        String mark = admin.upload(UploadOrder.of("mark.png", "image/png", red.length), red)
                .path("id")
                .asString();
        String url = signatures.signQuery(
                "/images/" + photo + ".png", "width=200&watermark=" + mark + ",1,southeast,0,0,0.25");
        BufferedImage marked = picture(visitor.get(url));

        assertThat(marked.getRGB(marked.getWidth() - 5, marked.getHeight() - 5) & 0xffffff)
                .isEqualTo(0xff0000);
        visitor.get(url).expect(200);
        admin.post("/v1/assets/" + mark + "/moderation", "{\"status\":\"rejected\"}")
                .expect(200);
        visitor.get(url).expectProblem(404);
    }

    private static BufferedImage square() {
        BufferedImage square = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 64; i++) {
            square.setRGB(i % 64, i / 64, 0xff0000);
        }
        return square;
    }

    @Test
    void transformsPicturesOfAllowedHosts() {
        String host = "http://127.0.0.1:" + elsewhere.getAddress().getPort();
        int before = fetches.get();

        assertThat(picture(visitor.get(signatures.signPath("/rs:fit:100/plain/" + host + "/pictures/a@png")))
                        .getWidth())
                .isEqualTo(100);
        visitor.get(signatures.signPath("/rs:fit:120/plain/" + host + "/pictures/a@png"))
                .expect(200);
        assertThat(fetches.get() - before).isEqualTo(1);
        visitor.get(signatures.signPath("/rs:fit:100/plain/" + host + "/secret/a@png"))
                .expectProblem(403);
        visitor.get(signatures.signPath("/rs:fit:100/plain/http://localhost:1/pictures/a@png"))
                .expectProblem(403);
        visitor.get("/unsafe/rs:fit:100/plain/" + host + "/pictures/a@png").expectProblem(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "bomb", "cut", "script"})
    void refusesWhatIsNoPictureThere(String name) {
        String source = "http://127.0.0.1:" + elsewhere.getAddress().getPort() + "/pictures/" + name;
        for (String options : List.of("/rs:fit:100", "/rs:fill:50:50/g:sm/bl:3", "/t:10/pix:5")) {
            visitor.get(signatures.signPath(options + "/plain/" + source + "@webp"))
                    .expectProblem(415);
        }
        assertThat(visitor.get("/actuator/health").status()).isEqualTo(200);
    }

    @Test
    void turnsAwayWhatItCannotMakeSoon() throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Reply>> crowd = IntStream.range(0, 60)
                    .<Callable<Reply>>mapToObj(i ->
                            () -> visitor.get(signatures.signQuery("/images/" + photo + ".avif", "width=" + (900 + i))))
                    .toList();
            Map<Integer, Integer> statuses = new TreeMap<>();
            for (Future<Reply> reply : clients.invokeAll(crowd)) {
                Reply answer = reply.get();
                statuses.merge(answer.status(), 1, Integer::sum);
                if (answer.status() == 429) {
                    assertThat(answer.header("Retry-After")).isNotEmpty();
                    answer.expectProblem(429);
                }
            }
            assertThat(statuses).containsOnlyKeys(200, 429);
        }
        visitor.get(signatures.signQuery("/images/" + photo + ".avif", "width=400"))
                .expect(200);
    }

    @Test
    void removesResultsOfWhatIsRejected() {
        byte[] original = Pictures.jpeg(500, 400);
        String asset = admin.upload(UploadOrder.jpeg("gone.jpg", original.length), original)
                .path("id")
                .asString();
        visitor.get("/images/" + asset + ".webp?preset=card").expect(200);
        await().until(() -> isKept(asset));

        admin.post("/v1/assets/" + asset + "/moderation", "{\"status\":\"rejected\"}")
                .expect(200);
        visitor.get("/images/" + asset + ".webp?preset=card").expectProblem(404);
        await().until(() -> !isKept(asset));
    }

    /// A cache in front may have dropped it by then, and would have it again.
    @Test
    void doesNotSendWhatWasRejectedWhileItWasMade() throws Exception {
        byte[] original = Pictures.cameraJpeg(3000, 2000, 1);
        String asset = admin.upload(UploadOrder.jpeg("late.jpg", original.length), original)
                .path("id")
                .asString();
        try (ExecutorService client = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Reply> late = client.submit(
                    () -> visitor.get(signatures.signQuery("/images/" + asset + ".avif", "width=2399&quality=90")));
            await().pollInterval(Duration.ofMillis(10)).until(this::isMaking);

            admin.post("/v1/assets/" + asset + "/moderation", "{\"status\":\"rejected\"}")
                    .expect(200);

            assertThat(late.get().status()).isEqualTo(404);
        }
    }

    private boolean isMaking() {
        return admin.get("/actuator/prometheus")
                .text()
                .lines()
                .anyMatch(line -> line.equals("safelight_render_queue 1.0"));
    }

    @Test
    void findsResultsAgainAfterItWasKilled() throws IOException {
        String signed = signatures.signQuery("/images/" + photo + ".webp", "width=345");
        String preset = "/images/" + photo + ".webp?preset=card";
        Reply first = visitor.get(signed).expect(200);
        Reply card = visitor.get(preset).expect(200);
        assertThat(first.header("Server-Timing")).contains("render;");
        await().until(() -> isKept(photo));

        server.kill();
        start();
        Reply again = visitor.get(signed).expect(200);
        assertThat(again.header("Server-Timing")).contains("cache;desc=\"disk\"");
        assertThat(again.bytes()).isEqualTo(first.bytes());
        assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));

        server.close();
        FileSystemUtils.deleteRecursively(data.resolve("cache"));
        start();
        Reply fromBucket = visitor.get(preset).expect(200);
        assertThat(fromBucket.header("Server-Timing")).contains("bucket;desc=\"kept\"");
        assertThat(fromBucket.bytes()).isEqualTo(card.bytes());
        assertThat(visitor.get(signed).expect(200).header("Server-Timing")).contains("render;");
    }

    /// Whether the bucket has results of an asset.
    private boolean isKept(String asset) throws IOException {
        try (var files = Files.walk(data.resolve("store"))) {
            return files.anyMatch(
                    file -> file.toString().contains("/derived/" + asset + "/") && Files.isRegularFile(file));
        } catch (UncheckedIOException changing) {
            return isKept(asset);
        }
    }
}
