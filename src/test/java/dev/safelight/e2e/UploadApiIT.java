package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Grant;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.Reply;
import dev.safelight.testing.SharedServer;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The way of a picture from grant to asset, over plain HTTP.
@ExtendWith({ShowServerLog.class, SharedServer.class})
class UploadApiIT {
    private final ApiUser admin;

    UploadApiIT(ApiUser admin) {
        this.admin = admin;
    }

    @Test
    void takesAPictureFromGrantToReady() {
        byte[] picture = Pictures.cameraJpeg(1000, 700, 6);
        Reply created = admin.post(
                        "/v1/uploads",
                        UploadOrder.jpeg("harbour.jpg", picture.length).json())
                .expect(201);
        JsonNode upload = created.json();
        assertThat(created.header("Location"))
                .isEqualTo("/v1/uploads/" + upload.path("uploadId").asString());
        assertThat(created.header("Cache-Control")).isEqualTo("no-store");
        assertThat(upload.path("status").asString()).isEqualTo("PENDING");
        assertThat(Instant.parse(upload.path("expiresAt").asString())).isAfter(Instant.now());

        Grant grant = Grant.of(upload);
        assertThat(grant.fields().get("key")).matches("raw/\\d{4}/\\d{2}/" + grant.uploadId() + "/harbour\\.jpg");
        admin.sendForm(grant, picture).expect(201);
        assertThat(admin.awaitEnd(grant).path("status").asString()).isEqualTo("READY");

        JsonNode asset = admin.asset(grant.assetId());
        assertThat(asset.path("fileName").asString()).isEqualTo("harbour.jpg");
        assertThat(asset.path("originalBytes").asInt()).isEqualTo(picture.length);
        assertThat(asset.path("moderation").asString()).isEqualTo("approved");
        JsonNode facts = asset.path("facts");
        assertThat(facts.path("width").asInt()).as("width after orientation").isEqualTo(700);
        assertThat(facts.path("height").asInt()).as("height after orientation").isEqualTo(1000);
        assertThat(facts.path("dominantColor").asString()).matches("#[0-9a-f]{6}");
        assertThat(facts.path("thumbHash").asString()).isNotBlank();
        assertThat(facts.path("perceptualHash").asString()).matches("[0-9a-f]{16}");
        assertThat(asset.path("variants").valueStream())
                .extracting(variant -> variant.path("name").asString() + "."
                        + variant.path("format").asString())
                .contains("thumb.jpeg", "thumb.webp", "small.jpeg", "small.webp", "medium.jpeg", "medium.webp")
                .doesNotHaveDuplicates();
    }

    @Test
    void completesOnRequestWithoutHarm() {
        byte[] picture = Pictures.jpeg(64, 64);
        Grant grant = admin.grant(UploadOrder.jpeg("asked.jpg", picture.length));
        admin.post("/v1/uploads/" + grant.uploadId() + "/complete", "").expect(202);
        admin.sendForm(grant, picture).expect(201);
        admin.post("/v1/uploads/" + grant.uploadId() + "/complete", "").expect(202);

        assertThat(admin.awaitEnd(grant).path("status").asString()).isEqualTo("READY");
    }

    @Test
    void listsNewAssetsFirstAndPageByPage() {
        byte[] picture = Pictures.jpeg(32, 32);
        String older = admin.upload(UploadOrder.jpeg("older.jpg", picture.length), picture)
                .path("id")
                .asString();
        String newer = admin.upload(UploadOrder.jpeg("newer.jpg", picture.length), picture)
                .path("id")
                .asString();

        JsonNode first = admin.get("/v1/assets?limit=1").expect(200).json();
        JsonNode second = admin.get(
                        "/v1/assets?limit=1&cursor=" + first.path("nextCursor").asString())
                .expect(200)
                .json();

        assertThat(first.path("assets").path(0).path("id").asString()).isEqualTo(newer);
        assertThat(second.path("assets").path(0).path("id").asString()).isEqualTo(older);
    }

    @Test
    void keepsMetadataForTheSnippet() {
        byte[] picture = Pictures.jpeg(900, 600);
        Map<String, String> metadata = Map.of("alt", "A \"red\" disc <script>alert(1)</script>");
        JsonNode asset =
                admin.upload(UploadOrder.jpeg("disc.jpg", picture.length).with("metadata", metadata), picture);
        String path = "/v1/assets/" + asset.path("id").asString() + "/srcset";

        JsonNode snippet = admin.get(path).expect(200).json();
        assertThat(snippet.path("alt").asString()).isEqualTo(metadata.get("alt"));
        assertThat(snippet.path("img").path("srcset").asString()).contains(" 320w", " 800w");
        assertThat(snippet.path("sources").path(0).path("type").asString()).isEqualTo("image/webp");

        Reply html = admin.get(path + "?format=html").expect(200);
        assertThat(html.header("Content-Type")).startsWith("text/html");
        assertThat(html.text())
                .startsWith("<picture>")
                .contains("<source type=\"image/webp\"", "<img ", "alt=\"A &quot;red&quot; disc &lt;script&gt;")
                .doesNotContain("<script>");
    }

    @Test
    void givesTheSameUploadForTheSameIdempotencyKey() {
        String key = UUID.randomUUID().toString();
        UploadOrder order = UploadOrder.jpeg("once.jpg", 1234);
        JsonNode first = admin.post("/v1/uploads", order.json(), "Idempotency-Key", key)
                .expect(201)
                .json();
        JsonNode again = admin.post("/v1/uploads", order.json(), "Idempotency-Key", key)
                .expect(200)
                .json();

        assertThat(again.path("uploadId")).isEqualTo(first.path("uploadId"));
        assertThat(again.path("assetId")).isEqualTo(first.path("assetId"));
        assertThat(again.path("grant").path("fields").path("key"))
                .isEqualTo(first.path("grant").path("fields").path("key"));
        assertThat(admin.post("/v1/uploads", order.with("size", 1235).json(), "Idempotency-Key", key)
                        .expectProblem(409)
                        .detail())
                .contains("idempotency key");
    }

    @Test
    void takesBytesWithTheirPromisedChecksumOnly() {
        byte[] picture = Pictures.jpeg(120, 80);
        UploadOrder order = UploadOrder.jpeg("sum.jpg", picture.length);
        JsonNode honest = admin.upload(order.with("sha256", sha256(picture)), picture);
        JsonNode other = admin.upload(order.with("sha256", sha256(new byte[] {1})), picture);

        assertThat(honest.path("status").asString()).isEqualTo("READY");
        assertThat(other.path("status").asString()).isEqualTo("REJECTED");
        assertThat(other.path("reason").asString()).isEqualTo("checksum-mismatch");
        assertThat(other.path("variants").isEmpty()).isTrue();
    }

    @Test
    void believesContentAndNotNames() {
        byte[] png = Pictures.png(100, 100);
        JsonNode lie = admin.upload(UploadOrder.jpeg("lie.jpg", png.length), png);

        assertThat(lie.path("status").asString()).isEqualTo("REJECTED");
        assertThat(lie.path("reason").asString()).isEqualTo("type-mismatch");
        assertThat(lie.path("detail").asString()).contains("image/jpeg", "image/png");
        admin.get("/v1/assets/" + lie.path("id").asString() + "/srcset").expectProblem(409);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.02, 0.3, 0.6, 0.97})
    void rejectsPicturesThatWereCutOff(double kept) {
        byte[] whole = Pictures.jpeg(640, 480);
        byte[] cut = Arrays.copyOf(whole, (int) (whole.length * kept));
        JsonNode asset = admin.upload(UploadOrder.jpeg("cut.jpg", cut.length), cut);

        assertThat(asset.path("status").asString()).as(asset.toString()).isEqualTo("REJECTED");
        assertThat(asset.path("reason").asString()).isEqualTo("corrupt");
        assertThat(asset.path("variants").isEmpty()).isTrue();
    }

    @Test
    void rejectsABombByItsHeader() {
        byte[] bomb = Pictures.bombPng(40_000, 40_000);
        JsonNode asset = admin.upload(UploadOrder.of("bomb.png", "image/png", bomb.length), bomb);

        assertThat(asset.path("status").asString()).isEqualTo("REJECTED");
        assertThat(asset.path("reason").asString()).isEqualTo("too-large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"фото.jpg", "写真 (1).jpg", "a'b\"c<d>&.jpg", "..jpg", "no extension", "%2e%2e%2f.jpg", "😀.jpg"})
    void takesNamesOfAllLanguages(String name) {
        byte[] picture = Pictures.jpeg(16, 16);
        JsonNode asset = admin.upload(UploadOrder.jpeg(name, picture.length), picture);

        assertThat(asset.path("status").asString()).isEqualTo("READY");
        assertThat(asset.path("fileName").asString()).isEqualTo(name);
    }

    @Test
    void takesNamesUpToTheLimit() {
        byte[] picture = Pictures.jpeg(16, 16);
        JsonNode asset = admin.upload(UploadOrder.jpeg("ü".repeat(251) + ".jpg", picture.length), picture);

        assertThat(asset.path("status").asString()).isEqualTo("READY");
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
