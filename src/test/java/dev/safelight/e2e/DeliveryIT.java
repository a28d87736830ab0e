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
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// What visitors and caches get, and what they do not.
@ExtendWith({ShowServerLog.class, SharedServer.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeliveryIT {
    private final ApiUser admin;
    private final ApiUser visitor;
    private final List<JsonNode> variants;

    DeliveryIT(SafelightProcess server) {
        this.admin = server.admin();
        this.visitor = admin.anonymous();
        byte[] picture = Pictures.cameraJpeg(1600, 1000, 8);
        this.variants = admin.upload(UploadOrder.jpeg("public.jpg", picture.length), picture)
                .path("variants")
                .valueStream()
                .toList();
    }

    @Test
    void servesVariantsWithImmutableHeaders() {
        for (JsonNode variant : variants) {
            Reply reply = visitor.get(variant.path("url").asString()).expect(200);
            assertThat(reply.bytes()).hasSize(variant.path("bytes").asInt());
            assertThat(reply.header("Content-Length"))
                    .isEqualTo(variant.path("bytes").asString());
            assertThat(reply.header("Content-Type"))
                    .isEqualTo(variant.path("mediaType").asString());
            assertThat(reply.header("Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
            assertThat(reply.header("ETag")).matches("\"[0-9a-f]{16,}\"");
            assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(reply.header("Accept-Ranges")).isEqualTo("bytes");
            assertThat(reply.header("Last-Modified")).endsWith("GMT");
            assertThat(reply.header("Set-Cookie")).isEmpty();
        }
    }

    @Test
    void deliversPicturesOfThePromisedSizeWithoutPrivateMetadata() {
        assertThat(PrivateMetadata.in(Pictures.cameraJpeg(32, 32, 8)))
                .as("what the original holds")
                .isNotEmpty();
        for (JsonNode variant : variants) {
            byte[] picture =
                    visitor.get(variant.path("url").asString()).expect(200).bytes();
            assertThat(PrivateMetadata.in(picture)).as(variant.toString()).isEmpty();
            if (variant.path("format").asString().equals("jpeg")) {
                BufferedImage decoded = Pictures.decoded(picture);
                assertThat(decoded.getWidth()).isEqualTo(variant.path("width").asInt());
                assertThat(decoded.getHeight()).isEqualTo(variant.path("height").asInt());
            }
        }
    }

    @Test
    void answersHeadLikeGetWithoutContent() {
        JsonNode variant = variant("medium", "jpeg");
        Reply head = visitor.send("HEAD", variant.path("url").asString(), BodyPublishers.noBody())
                .expect(200);

        assertThat(head.bytes()).isEmpty();
        assertThat(head.header("Content-Length"))
                .isEqualTo(variant.path("bytes").asString());
        assertThat(head.header("ETag"))
                .isEqualTo(visitor.get(variant.path("url").asString()).header("ETag"));
    }

    @Test
    void servesRanges() {
        String url = variant("medium", "jpeg").path("url").asString();
        byte[] whole = visitor.get(url).expect(200).bytes();
        Reply part = visitor.get(url, "Range", "bytes=10-19").expect(206);
        Reply end = visitor.get(url, "Range", "bytes=-5").expect(206);
        Reply beyond = visitor.get(url, "Range", "bytes=" + whole.length + "-").expectProblem(416);

        assertThat(part.bytes()).isEqualTo(Arrays.copyOfRange(whole, 10, 20));
        assertThat(part.header("Content-Range")).isEqualTo("bytes 10-19/" + whole.length);
        assertThat(end.bytes()).isEqualTo(Arrays.copyOfRange(whole, whole.length - 5, whole.length));
        assertThat(beyond.header("Content-Range")).isEqualTo("bytes */" + whole.length);
    }

    @Test
    void tellsCachesThatNothingChanged() {
        String url = variant("small", "webp").path("url").asString();
        String etag = visitor.get(url).expect(200).header("ETag");
        Reply unchanged = visitor.get(url, "If-None-Match", etag).expect(304);

        assertThat(unchanged.bytes()).isEmpty();
        assertThat(unchanged.header("ETag")).isEqualTo(etag);
        visitor.get(url, "If-None-Match", "\"other\"").expect(200);
    }

    @Test
    void hidesWhatDoesNotExist() {
        String url = variant("small", "jpeg").path("url").asString();
        for (String absent : List.of(
                url.replaceFirst("-\\d+w\\.", "-9w."),
                url.replace("/v1/", "/v2/"),
                url.replace("/media/image/", "/media/video/"),
                url.replaceFirst("/media/image/[0-9a-f]{4}", "/media/image/ffff"),
                url + "/",
                url.replaceFirst("small.*", ""),
                url.replaceFirst("small.*", "..%2f..%2fraw"),
                url.replace("/v1/", "/v1//"))) {
            assertThat(absent).isNotEqualTo(url);
            assertThat(visitor.get(absent).status()).as(absent).isIn(400, 404);
        }
        visitor.send("DELETE", url, BodyPublishers.noBody()).expectProblem(405);
    }

    @Test
    void keepsUserPicturesBackUntilTheyAreApproved() {
        byte[] picture = Pictures.jpeg(500, 400);
        JsonNode pending =
                admin.upload(UploadOrder.jpeg("me.jpg", picture.length).with("space", "user"), picture);
        String id = pending.path("id").asString();
        assertThat(pending.path("status").asString()).isEqualTo("READY");
        assertThat(pending.path("moderation").asString()).isEqualTo("pending");
        assertThat(pending.path("variants").valueStream())
                .isNotEmpty()
                .allSatisfy(variant -> assertThat(variant.has("url")).isFalse());
        String guessed = "/media/image/" + id + "/v1/small-300w.jpg";
        visitor.get(guessed).expectProblem(404);
        admin.get(guessed).expectProblem(404);
        admin.get("/v1/assets/" + id + "/srcset").expectProblem(409);

        JsonNode approved = moderate(id, "approved");
        admin.get(guessed).expect(200);
        String url = approved.path("variants").path(0).path("url").asString();
        visitor.get(url).expectProblem(404);
        assertThat(admin.get(url).expect(200).header("Cache-Control")).isEqualTo("private, no-store");

        moderate(id, "rejected");
        admin.get(url).expectProblem(404);
    }

    @Test
    void stopsServingWhatIsRejected() {
        byte[] picture = Pictures.jpeg(400, 300);
        JsonNode asset = admin.upload(UploadOrder.jpeg("withdrawn.jpg", picture.length), picture);
        String url = asset.path("variants").path(0).path("url").asString();
        visitor.get(url).expect(200);

        moderate(asset.path("id").asString(), "rejected");

        // A process believes its memory for one second.
        await().atMost(Duration.ofSeconds(2)).until(() -> visitor.get(url).status() == 404);
        visitor.get(url).expectProblem(404);
    }

    private JsonNode moderate(String id, String status) {
        return admin.post("/v1/assets/" + id + "/moderation", "{\"status\":\"%s\"}".formatted(status))
                .expect(200)
                .json();
    }

    private JsonNode variant(String name, String format) {
        return variants.stream()
                .filter(variant -> variant.path("name").asString().equals(name)
                        && variant.path("format").asString().equals(format))
                .findFirst()
                .orElseThrow();
    }
}
