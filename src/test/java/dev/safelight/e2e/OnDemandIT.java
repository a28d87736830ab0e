package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.PrivateMetadata;
import dev.safelight.testing.Reply;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.SharedServer;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.awt.image.BufferedImage;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Pictures made on request, as the settings are by default: without a signature, common sizes are free.
@ExtendWith({ShowServerLog.class, SharedServer.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OnDemandIT {
    private static final String BROWSER = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";
    private static final String NOBODY = "00000000-0000-7000-8000-000000000000";

    private final ApiUser admin;
    private final ApiUser visitor;
    private final String photo;

    OnDemandIT(SafelightProcess server) {
        this.admin = server.admin();
        this.visitor = admin.anonymous();
        // Turned on its side by the camera: 2400 wide and 3000 high as displayed.
        this.photo = upload(Pictures.cameraJpeg(3000, 2400, 6), "image/jpeg");
    }

    private String upload(byte[] picture, String type) {
        JsonNode asset = admin.upload(UploadOrder.of("picture", type, picture.length), picture);
        assertThat(asset.path("status").asString()).isEqualTo("READY");
        return asset.path("id").asString();
    }

    private static BufferedImage picture(Reply reply) {
        return Pictures.decoded(reply.expect(200).bytes());
    }

    @Test
    void makesAnUprightPictureWithoutPrivateMetadata() {
        Reply reply = visitor.get("/images/" + photo + ".jpg?width=300").expect(200);
        BufferedImage small = picture(reply);

        assertThat(small.getWidth()).isEqualTo(300);
        assertThat(small.getHeight()).isEqualTo(375);
        assertThat(PrivateMetadata.in(reply.bytes())).isEmpty();
        assertThat(reply.header("Content-Type")).isEqualTo("image/jpeg");
        assertThat(reply.header("Cache-Control"))
                .isEqualTo("public, max-age=86400, stale-while-revalidate=86400, stale-if-error=86400");
        assertThat(reply.header("ETag")).matches("\"[0-9a-f]{32}\"");
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.header("Vary")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "image/avif,image/webp,*/*;q=0.8 | image/avif",
                "image/avif;q=0.5,image/webp     | image/webp",
                "image/avif;q=0,image/webp;q=0.2 | image/webp",
                "image/webp;q=0,image/*          | image/jpeg",
                "*/*                             | image/jpeg",
                "image/png,image/jpeg;q=0.1      | image/jpeg",
                "image/png                       | image/png",
                "text/html                       | image/jpeg",
                ";;;,,image/webp;q=x,\u00e9      | image/jpeg"
            })
    void negotiatesTheFormat(String accept, String expected) {
        Reply reply =
                visitor.get("/images/" + photo + "?width=320", "Accept", accept).expect(200);

        assertThat(reply.header("Content-Type")).isEqualTo(expected);
        assertThat(reply.header("Vary")).isEqualTo("Accept");
    }

    @Test
    void answersAgainFromMemoryAndTellsSo() {
        String url = "/images/" + photo + "?width=480";
        Reply first = visitor.get(url, "Accept", BROWSER).expect(200);
        Reply again = visitor.get(url, "Accept", BROWSER).expect(200);
        Reply otherOrder = visitor.get("/images/" + photo + "?fit=inside&w=480", "Accept", BROWSER)
                .expect(200);

        assertThat(first.header("Server-Timing")).contains("render");
        assertThat(again.header("Server-Timing")).isEqualTo("cache;desc=\"memory\"");
        assertThat(otherOrder.header("Server-Timing")).isEqualTo("cache;desc=\"memory\"");
        assertThat(again.bytes()).isEqualTo(first.bytes());
        assertThat(otherOrder.header("ETag")).isEqualTo(first.header("ETag"));
    }

    @Test
    void answersConditionsRangesAndHead() {
        String url = "/images/" + photo + ".webp?width=256";
        Reply whole = visitor.get(url).expect(200);
        String etag = whole.header("ETag");

        assertThat(visitor.get(url, "If-None-Match", "\"x\", " + etag).status()).isEqualTo(304);
        assertThat(visitor.get(url, "Range", "bytes=10-19").expect(206).bytes())
                .isEqualTo(Arrays.copyOfRange(whole.bytes(), 10, 20));
        Reply parts = visitor.get(url, "Range", "bytes=0-1,5-6").expect(206);
        assertThat(parts.header("Content-Type")).startsWith("multipart/byteranges");
        Reply head = visitor.send("HEAD", url, BodyPublishers.noBody()).expect(200);
        assertThat(head.bytes()).isEmpty();
        assertThat(head.header("ETag")).isEqualTo(etag);
        assertThat(visitor.send("POST", url, BodyPublishers.ofString("x"))
                        .expectProblem(405)
                        .header("Allow"))
                .isEqualTo("GET, HEAD, OPTIONS");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "width=301                   | signature",
                "width=99999                 | width",
                "width=-1                    | width",
                "widht=300                   | widht",
                "width=300&width=320         | twice",
                "width=300&w=320             | twice",
                "width=                      | width",
                "quality=77                  | quality",
                "quality=101                 | quality",
                "blur=5                      | blur",
                "format=tiff                 | format",
                "gravity=fp:0.2,0.3          | gravity",
                "rotate=45                   | rotate",
                "width=NaN                   | width",
                "width=%00                   | width"
            })
    void namesTheOptionThatItRefuses(String query, String named) {
        Reply refused = visitor.get("/images/" + photo + "?" + query).expectProblem(400);

        assertThat(refused.detail()).contains(named);
        assertThat(refused.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void knowsNothingOfStrangers() {
        visitor.get("/images/" + NOBODY + "?width=300").expectProblem(404);
        visitor.get("/images/not-an-id?width=300").expectProblem(404);
        visitor.get("/unsafe/w:300/plain/" + photo + "?width=5").expectProblem(400);
        visitor.get("/images/" + photo + "?v=7").expectProblem(404);
        visitor.get("/skus/none/front?width=300").expectProblem(404);
        visitor.get("/images/" + photo + "?s=AAAA").expectProblem(403);
        visitor.get("/unsafe/rs:fit:300/plain/https://example.com/a.jpg").expectProblem(403);
        visitor.get("/unsafe/rs:fit:300/plain/https%3A%2F%2Fexample.com%2Fa%2525.jpg")
                .expectProblem(403);
        visitor.get("/unsafe/rs:fit:300/plain/raw/2026/01/nothing/here.jpg").expectProblem(404);
        visitor.get("/v1//assets").expectProblem(400);
        visitor.get("/v1/assets%2Fx").expectProblem(400);
    }

    @Test
    void sendsAPlaceholderWhereOneIsAskedFor() {
        Reply card = visitor.get("/images/" + NOBODY + ".png?width=300&height=200&placeholder=true");

        assertThat(picture(card).getWidth()).isEqualTo(300);
        assertThat(picture(card).getHeight()).isEqualTo(200);
        assertThat(card.header("Safelight-Placeholder")).isEqualTo("missing");
        assertThat(card.header("Cache-Control")).isEqualTo("public, max-age=60");
    }

    @Test
    void speaksTheGrammarOfImgproxy() {
        Reply reply = visitor.get("/unsafe/rs:fill:300:200/g:sm/plain/" + photo + "@png");
        String encoded =
                Base64.getUrlEncoder().withoutPadding().encodeToString(photo.getBytes(StandardCharsets.US_ASCII));
        Reply same = visitor.get("/insecure/s:300:200/rt:fill/g:sm/" + encoded + ".png");

        assertThat(reply.header("Content-Type")).isEqualTo("image/png");
        assertThat(picture(reply).getWidth()).isEqualTo(300);
        assertThat(picture(reply).getHeight()).isEqualTo(200);
        assertThat(same.expect(200).header("ETag")).isEqualTo(reply.header("ETag"));
        assertThat(visitor.get("/unsafe/bl:5/plain/" + photo).expectProblem(400).detail())
                .contains("blur");
    }

    @Test
    void startsFromTheSmallestSourceThatIsLargeEnough() {
        assertThat(source("?width=240&format=jpeg")).startsWith("source-640");
        assertThat(source("?width=400&format=jpeg")).startsWith("source-1024");
        assertThat(source("?width=768&format=jpeg")).startsWith("source-2048");
        assertThat(source("?width=2048&format=jpeg")).startsWith("original");
        assertThat(visitor.get("/images/" + photo + "?width=800&format=webp")
                        .expect(200)
                        .header("Server-Timing"))
                .contains("variant;desc=\"w800\"");
    }

    private String source(String query) {
        String timing = visitor.get("/images/" + photo + query).expect(200).header("Server-Timing");
        return timing.substring(timing.indexOf("desc=\"") + 6);
    }

    @Test
    void makesEqualPicturesOnceHoweverManyAsk() throws Exception {
        double before = rendered();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Reply> ask = () -> visitor.get("/images/" + photo + ".jpg?width=1080&quality=60");
            List<Future<Reply>> replies = clients.invokeAll(Collections.nCopies(30, ask));
            for (Future<Reply> reply : replies) {
                assertThat(reply.get().expect(200).header("ETag"))
                        .isEqualTo(replies.getFirst().get().header("ETag"));
            }
        }
        assertThat(rendered() - before).isEqualTo(1);
    }

    private double rendered() {
        return admin.get("/actuator/prometheus")
                .text()
                .lines()
                .filter(line -> line.startsWith("safelight_render_time_seconds_count"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void stopsAtOnceWhenThePictureIsRejected() {
        String asset = upload(Pictures.jpeg(900, 600), "image/jpeg");
        String url = "/images/" + asset + ".webp?width=300";
        visitor.get(url).expect(200);
        visitor.get(url).expect(200);

        moderate(asset, "rejected");
        visitor.get(url).expectProblem(404);
        visitor.get("/images/" + asset + ".webp?width=320").expectProblem(404);

        moderate(asset, "approved");
        visitor.get(url).expect(200);
    }

    private void moderate(String asset, String status) {
        admin.post("/v1/assets/" + asset + "/moderation", "{\"status\":\"%s\"}".formatted(status))
                .expect(200);
    }

    @Test
    void showsUserPicturesToThoseWhoMaySeeThemOnly() {
        byte[] picture = Pictures.jpeg(900, 600);
        String asset = admin.upload(UploadOrder.jpeg("own.jpg", picture.length).with("space", "user"), picture)
                .path("id")
                .asString();
        String url = "/images/" + asset + ".jpg?width=300";
        admin.get(url).expectProblem(404);

        moderate(asset, "approved");
        visitor.get(url).expectProblem(404);
        Reply own = admin.get(url).expect(200);
        assertThat(own.header("Cache-Control")).isEqualTo("private, no-store");
        assertThat(own.header("Access-Control-Allow-Origin")).isEmpty();
        visitor.get(url).expectProblem(404);
    }

    @Test
    void keepsAnimationsMoving() {
        String cat = upload(Pictures.animatedGif(320, 240, 5, 10), "image/gif");
        Reply webp =
                visitor.get("/images/" + cat + "?width=160", "Accept", BROWSER).expect(200);
        Reply gif =
                visitor.get("/images/" + cat + "?width=160", "Accept", "*/*").expect(200);
        Reply still =
                visitor.get("/images/" + cat + ".webp?width=160&animated=false").expect(200);

        assertThat(webp.header("Content-Type")).isEqualTo("image/webp");
        assertThat(gif.header("Content-Type")).isEqualTo("image/gif");
        assertThat(frames(webp)).isEqualTo(5);
        assertThat(frames(still)).isZero();
    }

    private static long frames(Reply webp) {
        String bytes = new String(webp.bytes(), StandardCharsets.ISO_8859_1);
        return bytes.split("ANMF", -1).length - 1L;
    }

    @Test
    void keepsTransparencyWhereTheFormatCan() {
        String logo = upload(Pictures.transparentPng(400, 300), "image/png");
        Reply png =
                visitor.get("/images/" + logo + "?width=200", "Accept", "*/*").expect(200);
        Reply jpeg = visitor.get("/images/" + logo + ".jpg?width=200&background=ff0000");

        assertThat(png.header("Content-Type")).isEqualTo("image/png");
        assertThat(picture(png).getColorModel().hasAlpha()).isTrue();
        int corner = picture(jpeg).getRGB(0, 0);
        assertThat((corner >> 16) & 0xff).isGreaterThan(240);
        assertThat(corner & 0xff).isLessThan(20);
    }

    @Test
    void findsThePictureOfAnArticle() {
        byte[] picture = Pictures.jpeg(900, 600);
        admin.upload(
                UploadOrder.jpeg("front.jpg", picture.length)
                        .with("metadata", Map.of("sku", "AB-1 x", "role", "front")),
                picture);

        assertThat(picture(visitor.get("/skus/AB-1%20x/front.jpg?width=300")).getWidth())
                .isEqualTo(300);
        visitor.get("/skus/AB-1%20x/back.jpg?width=300").expectProblem(404);
    }

    @Test
    void followsAnArticleToItsNewPictureAtOnce() {
        Map<String, String> article = Map.of("sku", "AB-2", "role", "front");
        String url = "/skus/AB-2/front.webp?width=96";
        String old = upload(Pictures.jpeg(300, 200), article);
        String shown = visitor.get(url).expect(200).header("ETag");
        for (int i = 0; i < 3; i++) {
            visitor.get("/images/" + old + ".webp?width=96").expect(200);
        }

        upload(Pictures.jpeg(200, 300), article);
        await().atMost(Duration.ofSeconds(3)).untilAsserted(() -> {
            visitor.get("/images/" + old + ".webp?width=96").expect(200);
            assertThat(visitor.get(url).expect(200).header("ETag")).isNotEqualTo(shown);
        });
    }

    private String upload(byte[] picture, Map<String, String> metadata) {
        return admin.upload(UploadOrder.jpeg("front.jpg", picture.length).with("metadata", metadata), picture)
                .path("id")
                .asString();
    }

    @Test
    void findsOneResultForManyWaysToAskForIt() throws Exception {
        String small = upload(Pictures.jpeg(600, 400), "image/jpeg");
        String first =
                visitor.get("/images/" + small + ".png?width=320").expect(200).header("ETag");
        double before = rendered();
        for (String same : List.of(
                "width=160&dpr=2",
                "width=320&gravity=north",
                "width=320&gravity=smart",
                "width=320&quality=10",
                "width=320&animated=false",
                "width=320&background=navy")) {
            assertThat(visitor.get("/images/" + small + ".png?" + same)
                            .expect(200)
                            .header("ETag"))
                    .as(same)
                    .isEqualTo(first);
        }
        visitor.get("/images/" + small + ".jpg?width=640").expect(200);
        visitor.get("/images/" + small + ".jpg?width=1600").expect(200);
        assertThat(rendered() - before).isEqualTo(1);
    }

    @Test
    void takesTheHintsOfTheClientOnTheLadder() {
        Reply reply = visitor.get("/images/" + photo + ".jpg?width=auto", "Sec-CH-Width", "310")
                .expect(200);

        assertThat(picture(reply).getWidth()).isEqualTo(320);
        assertThat(reply.header("Vary")).contains("Sec-CH-Width");
        assertThat(reply.header("Accept-CH")).contains("Sec-CH-Width");
    }
}
