package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.testing.CutProxy;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.RawHttp;
import dev.safelight.testing.RawHttp.Answer;
import dev.safelight.testing.UploadOrder;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// What holds behind each real shield.
abstract class ShieldContract extends ShieldPrivacyContract {
    private static final String AVIF = "Accept: image/avif,image/webp,image/*,*/*;q=0.8";
    private static final int SLICE = 1 << 20;

    @Test
    void answersTheSameFromItsCacheAsTheOrigin() throws Exception {
        String path = media(upload());
        byte[] origin = admin.get(path).expect(200).bytes();

        assertThat(isHit(get(path))).isFalse();
        Answer hit = warm(path);

        assertThat(hit.content()).isEqualTo(origin);
        assertThat(hit.fields())
                .containsEntry("cache-control", "public, max-age=31536000, immutable")
                .containsEntry("x-content-type-options", "nosniff")
                .containsKeys("etag", "last-modified", "cache-tag")
                .doesNotContainKey("content-encoding");
        assertThat(get(path, "If-None-Match: " + hit.fields().get("etag")).status())
                .isEqualTo(304);
        Answer head = RawHttp.exchange(shield.port(), "HEAD", path);
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.fields()).containsEntry("content-length", String.valueOf(origin.length));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'by':'asset','values':['ASSET']}; true",
                "{'by':'tag','values':['asset-ASSET-v1']}; true",
                "{'by':'tag','values':['space-product']}; false",
                "{'by':'prefix','values':['/media/image/ASSET/']}; true",
                "{'by':'prefix','values':['/media/']}; false",
                "{'by':'path','values':['MEDIA']}; true",
                "{'by':'everything'}; false"
            })
    void forgetsWhatIsPurged(String order, boolean neighboursStay) throws Exception {
        String asset = upload();
        String path = media(asset);
        String neighbour = media(upload());
        warm(path);
        warm(neighbour);

        purge(order.replace('\'', '"').replace("ASSET", asset).replace("MEDIA", path));

        Answer after = get(path);
        assertThat(after.status()).isEqualTo(200);
        assertThat(isHit(after)).isFalse();
        assertThat(isHit(get(neighbour))).isEqualTo(neighboursStay);
        warm(path);
    }

    @Test
    void forgetsPicturesOnRequestUnderAnyAddress() throws Exception {
        byte[] picture = Pictures.jpeg(320, 240);
        UploadOrder order = UploadOrder.jpeg("a.jpg", picture.length)
                .with("metadata", Map.of("sku", "shield-" + kind(), "role", "hero"));
        String asset = admin.upload(order, picture).path("id").asString();
        String byId = "/images/" + asset + "?width=96";
        String bySku = "/skus/shield-" + kind() + "/hero?width=96";
        warm(byId);
        warm(bySku);

        purge("{\"by\":\"asset\",\"values\":[\"%s\"]}".formatted(asset));
        assertThat(isHit(get(byId))).isFalse();
        assertThat(isHit(get(bySku))).isFalse();

        warm(byId);
        warm(bySku);
        purge("{\"by\":\"sku\",\"values\":[\"shield-%s\"]}".formatted(kind()));
        assertThat(isHit(get(byId))).isFalse();
        assertThat(isHit(get(bySku))).isFalse();
    }

    @Test
    void forgetsAWatermarkedPictureWithItsWatermark() throws Exception {
        String asset = upload();
        String mark = upload(Pictures.jpeg(64, 64));
        String path = "/images/" + asset + "?width=96&watermark=" + mark + ",1,southeast,0,0,0.25";
        warm(path);

        purge("{\"by\":\"asset\",\"values\":[\"%s\"]}".formatted(mark));

        assertThat(isHit(get(path))).isFalse();
    }

    @Test
    void stopsWhatIsRejectedAtOnce() throws Exception {
        String asset = upload();
        String path = media(asset);
        String onRequest = "/images/" + asset + "?width=64";
        warm(path);
        warm(onRequest);

        admin.post("/v1/assets/" + asset + "/moderation", "{\"status\":\"rejected\",\"version\":1}");

        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(10))
                .until(() -> get(path).status() == 403);
        assertThat(get(onRequest).status()).isEqualTo(403);
        assertThat(get(path, "Range: bytes=0-9").status()).isEqualTo(403);
        admin.post("/v1/assets/" + asset + "/moderation", "{\"status\":\"approved\",\"version\":1}");
        await().atMost(Duration.ofSeconds(5)).until(() -> get(path).status() == 200);
    }

    @Test
    void negotiatesByWhatAClientTakes() throws Exception {
        String path = "/images/" + upload() + "?format=auto&width=80";

        assertThat(warm(path, AVIF).fields()).containsEntry("content-type", "image/avif");
        assertThat(warm(path, "Accept: image/webp,*/*").fields()).containsEntry("content-type", "image/webp");
        assertThat(warm(path, "Accept: */*").fields()).containsEntry("content-type", "image/jpeg");
        assertThat(warm(path).fields()).containsEntry("content-type", "image/jpeg");
        // Other words for the same.
        Answer other = get(path, "Accept: text/html, image/webp ;q=0.9, image/avif;q=1.0");
        assertThat(other.fields()).containsEntry("content-type", "image/avif");
        assertThat(isHit(other)).isTrue();
        Answer none = get(path, "Accept: image/avif;q=0, image/webp;q=0.000, */*");
        assertThat(none.fields()).containsEntry("content-type", "image/jpeg");
        assertThat(isHit(none)).isTrue();
        assertThat(get(path, "Accept: ximage/avif, image/avifx").fields()).containsEntry("content-type", "image/jpeg");
        assertThat(get(path, "Accept: image/avif," + "x".repeat(3_000)).status())
                .isIn(200, 400);
    }

    @Test
    void servesRangesAlsoAcrossSlices() throws Exception {
        String asset = upload(noise(1_900, 1_400));
        JsonNode variants = admin.asset(asset).path("variants");
        JsonNode largest = variants.get(0);
        for (JsonNode variant : variants) {
            largest = variant.path("bytes").asLong() > largest.path("bytes").asLong() ? variant : largest;
        }
        String url = largest.path("url").asString();
        String path = url.substring(url.indexOf("/media/"));
        byte[] whole = admin.get(path).expect(200).bytes();
        assertThat(whole.length).as("the test needs more than one slice").isGreaterThan(SLICE + 1_000);

        Answer across = get(path, "Range: bytes=%d-%d".formatted(SLICE - 100, SLICE + 99));
        assertThat(across.status()).isEqualTo(206);
        assertThat(across.content()).isEqualTo(Arrays.copyOfRange(whole, SLICE - 100, SLICE + 100));
        assertThat(across.fields())
                .containsEntry("content-range", "bytes %d-%d/%d".formatted(SLICE - 100, SLICE + 99, whole.length));
        assertThat(get(path, "Range: bytes=-5").content())
                .isEqualTo(Arrays.copyOfRange(whole, whole.length - 5, whole.length));
        assertThat(get(path, "Range: bytes=" + whole.length + "-").status()).isEqualTo(416);
        assertThat(warm(path).content()).isEqualTo(whole);
        Answer conditional = get(path, "Range: bytes=0-9", "If-Range: \"another\"");
        assertThat(conditional.status()).isEqualTo(200);
    }

    private static byte[] noise(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(7);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        return Pictures.encoded(image, "jpeg");
    }

    @Test
    void takesParametersInAnyOrder() throws Exception {
        String asset = upload();
        byte[] one = warm("/images/" + asset + "?width=70&height=50&fit=cover").content();

        Answer other = get("/images/" + asset + "?fit=cover&width=70&height=50");

        assertThat(isHit(other)).isTrue();
        assertThat(other.content()).isEqualTo(one);
        // Not decoded: what the origin refuses stays refused.
        assertThat(get("/images/" + asset + "?width=70&width=71").status()).isEqualTo(400);
        assertThat(isHit(get("/images/" + asset + "?width=70&height=50&fit=cover")))
                .isTrue();
    }

    @Test
    void isPoisonedByNothingThatAClientMakesUp() throws Exception {
        String asset = upload();
        String path = "/images/" + asset + "?width=60";
        String stored = media(asset);
        for (String field : new String[] {
            "X-Forwarded-Host: evil.example",
            "X-Forwarded-Proto: gopher",
            "X-Forwarded-Prefix: /evil",
            "Forwarded: host=evil.example",
            "X-Original-URL: /images/evil",
            "X-Rewrite-URL: /v1/keys",
            "Cookie: session=evil",
            "Accept-Encoding: gzip, br",
            "Accept-Language: xx",
            "Origin: https://evil.example",
            "Content-Length: 0"
        }) {
            Answer first = get(path, field);
            assertThat(first.status()).as(field).isEqualTo(200);
        }
        try (RawHttp http = RawHttp.connect(shield.port())) {
            http.send("GET " + path + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
            assertThat(http.receive(false).status()).isEqualTo(200);
        }
        Answer clean = warm(path);
        assertThat(clean.fields().toString()).doesNotContain("evil");
        assertThat(clean.fields()).containsEntry("content-type", "image/jpeg");
        assertThat(clean.content()).isEqualTo(admin.get(path).expect(200).bytes());

        // What differs only in its encoding is something else, whatever the origin says to it.
        warm(stored);
        for (String other : new String[] {
            stored.replaceFirst("/v1/", "%2Fv1/"),
            stored.replaceFirst("/v1/", "/x/..%2Fv1/"),
            stored.replaceFirst("/v1/", "/./v1/"),
            stored.replaceFirst("/v1/", "//v1/"),
            stored.replaceFirst("image", "%69mage"),
            stored + "%00",
            stored.toUpperCase(Locale.ROOT)
        }) {
            assertThat(get(other).status()).as(other).isIn(400, 401, 403, 404);
            Answer still = get(stored);
            assertThat(still.status()).as(other).isEqualTo(200);
            assertThat(isHit(still)).isTrue();
        }
    }

    @Test
    void compressesTextAndNotPictures() throws Exception {
        Answer text = get("/v1/openapi", "Accept-Encoding: gzip", "Authorization: Bearer " + server.adminKey());
        assertThat(text.status()).isEqualTo(200);
        assertThat(text.fields()).containsEntry("content-encoding", "gzip");
        assertThat(get(media(upload()), "Accept-Encoding: gzip").fields()).doesNotContainKey("content-encoding");
        assertThat(get("/actuator/prometheus").status()).isEqualTo(404);
    }

    @Test
    void showsWhatItHasWhileTheOriginIsAwayButNothingThatWasPurged() throws Exception {
        String kept = media(upload());
        String asset = upload();
        String purged = media(asset);
        warm(kept);
        warm(purged);
        purge("{\"by\":\"asset\",\"values\":[\"%s\"]}".formatted(asset));

        network.always(CutProxy.Script.unavailable());
        network.cutAll();
        try {
            assertThat(get(kept).status()).isEqualTo(200);
            assertThat(get(purged).status()).isGreaterThanOrEqualTo(500);
            shield.killAndRestart();
            await().atMost(Duration.ofSeconds(10)).until(() -> get(purged).status() >= 500);
            if (isDurable()) {
                assertThat(get(kept).status()).isEqualTo(200);
            }
        } finally {
            network.always(CutProxy.Script.FAITHFUL);
            network.cutAll();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> get(purged).status() == 200);
    }

    @Test
    void showsNothingOldWhereTheHostOfAPictureForbidsIt() throws Exception {
        pictures.answer("/a.jpg", "200 OK\nCache-Control: max-age=4, must-revalidate", Pictures.jpeg(120, 90));
        String path = "/insecure/rs:fit:60/plain/http://127.0.0.1:" + pictures.port() + "/a.jpg@jpg";
        Answer fresh = get(path);
        assertThat(fresh.status()).isEqualTo(200);
        assertThat(fresh.fields().get("cache-control")).matches("public, max-age=[0-4], must-revalidate");

        network.always(CutProxy.Script.unavailable());
        network.cutAll();
        try {
            await().atMost(Duration.ofSeconds(20)).until(() -> get(path).status() >= 500);
        } finally {
            network.always(CutProxy.Script.FAITHFUL);
            network.cutAll();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> get(path).status() == 200);
    }
}
