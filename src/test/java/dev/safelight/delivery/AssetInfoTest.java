package dev.safelight.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.access.ApiKeys;
import dev.safelight.access.Role;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.Variant;
import dev.safelight.asset.VersionId;
import dev.safelight.catalog.Catalog;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.TestServer;
import dev.safelight.testing.UploadedPicture;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// What the API tells of a picture and its mezzanines, and how its focal point is set.
class AssetInfoTest {
    private final TestServer server = TestServer.shared();

    @Test
    void tellsAllThatIsKnown() throws Exception {
        VersionId id = UploadedPicture.ready(server, Pictures.jpeg(1500, 1000));

        HttpResponse<String> answer = server.get(path(id, "info"));

        assertThat(answer.headers().firstValue("Cache-Control"))
                .hasValueSatisfying(value -> assertThat(value).contains("no-store"));
        JsonNode info = TestServer.json(answer);
        assertThat(info.path("status").asString()).isEqualTo("READY");
        assertThat(info.path("width").asInt()).isEqualTo(1500);
        assertThat(info.path("height").asInt()).isEqualTo(1000);
        assertThat(info.path("frames").asInt()).isEqualTo(1);
        assertThat(info.path("hasAlpha").asBoolean(true)).isFalse();
        assertThat(info.path("dominantColor").asString()).matches("#[0-9a-f]{6}");
        assertThat(info.path("perceptualHash").asString()).matches("[0-9a-f]{16}");
        assertThat(info.path("focalPoint").path("x").asDouble()).isBetween(0.0, 1.0);
        assertThat(info.path("focalPointByHand").asBoolean(true)).isFalse();
        assertThat(info.path("originalBytes").asLong()).isPositive();
        assertThat(info.has("bytesSaved")).isTrue();
        assertThat(info.path("variants").valueStream()).isNotEmpty().allSatisfy(variant -> {
            assertThat(variant.path("url").asString()).contains("/media/image/");
            assertThat(variant.path("recipe").asString()).isNotEmpty();
        });
        assertThat(info.path("mezzanines").valueStream())
                .extracting(one ->
                        one.path("name").asString() + " " + one.path("width").asInt())
                .containsExactly("source-640 640", "source-1024 1024");
        assertThat(info.path("mezzanines").toString()).doesNotContain("url");
    }

    @Test
    void neverShowsMezzaninesToThePublic() throws Exception {
        VersionId id = UploadedPicture.ready(server, Pictures.jpeg(1500, 1000));
        var version =
                server.bean(Catalog.class).find(id.asset(), 1).orElseThrow().version();

        assertThat(version.mezzanines()).isNotEmpty();
        for (Variant mezzanine : version.mezzanines()) {
            String key = mezzanine.key().key();
            assertThat(key)
                    .endsWith("source-%s-%dw.jpg".formatted(mezzanine.name().substring(7), mezzanine.width()));
            assertThat(server.get(MediaPath.ofKey(key)).statusCode()).isEqualTo(404);
        }
        assertThat(server.get(MediaPath.ofKey(
                                version.variants().getFirst().key().key()))
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.get(path(id, "srcset")).body()).doesNotContain("source-");
        assertThat(server.get("/v1/assets/" + id.asset()).body()).doesNotContain("source-");
    }

    @Test
    void keepsAFocalPointThatWasSetByHandUntilItIsTakenBack() throws Exception {
        VersionId id = UploadedPicture.ready(server, Pictures.jpeg(400, 300));
        JsonNode computed = focalPoint(id);

        JsonNode set = TestServer.json(put(id, "{\"x\":0.125,\"y\":1}", server.adminKey()));

        assertThat(set.path("focalPointByHand").asBoolean()).isTrue();
        assertThat(focalPoint(id).toString()).isEqualTo("{\"x\":0.125,\"y\":1.0}");
        reprocess(id);
        assertThat(focalPoint(id).toString()).isEqualTo("{\"x\":0.125,\"y\":1.0}");
        JsonNode back = TestServer.json(
                TestServer.send(server.request(path(id, "focal-point")).DELETE()));
        assertThat(back.path("focalPointByHand").asBoolean(true)).isFalse();
        assertThat(focalPoint(id)).isEqualTo(computed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"x\":0.5}",
                "{\"x\":-0.1,\"y\":0}",
                "{\"x\":0,\"y\":1.1}",
                "{\"x\":\"NaN\",\"y\":0}",
                "{\"x\":1e999,\"y\":0}",
                "{\"x\":0,\"y\":0,\"z\":0}",
                "null",
                "[]"
            })
    void refusesPointsOutsideThePicture(String body) throws Exception {
        VersionId id = UploadedPicture.ready(server, Pictures.jpeg(60, 40));

        HttpResponse<String> answer = put(id, body, server.adminKey());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("\"detail\"");
        assertThat(TestServer.json(server.get(path(id, "info")))
                        .path("focalPointByHand")
                        .asBoolean(true))
                .isFalse();
    }

    @Test
    void takesNoFocalPointForWhatWasNeverRead() throws Exception {
        JsonNode upload = TestServer.json(
                server.post("/v1/uploads", "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":10}"));
        VersionId id =
                new VersionId(AssetId.parse(upload.path("assetId").asString()).orElseThrow(), 1);

        HttpResponse<String> answer = put(id, "{\"x\":0.5,\"y\":0.5}", server.adminKey());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
        assertThat(TestServer.json(answer).path("detail").asString()).contains("PENDING");
        assertThat(TestServer.json(server.get(path(id, "info")))
                        .path("focalPointByHand")
                        .asBoolean(true))
                .isFalse();
    }

    @Test
    void letsOnlyThoseSetItWhoMayChangeTheAsset() throws Exception {
        VersionId id = UploadedPicture.ready(server, Pictures.jpeg(60, 40));
        String point = "{\"x\":0.5,\"y\":0.5}";

        assertThat(put(id, point, key(Role.EDITOR)).statusCode()).isEqualTo(200);
        assertThat(put(id, point, key(Role.VIEWER)).statusCode()).isEqualTo(403);
        assertThat(put(id, point, key(Role.UPLOADER)).statusCode()).isEqualTo(404);
        ApiKeys.IssuedKey owner = server.bean(ApiKeys.class).create("owner", Set.of(Role.UPLOADER));
        server.bean(JdbcClient.class)
                .sql("update asset set owner = :owner where id = :id")
                .param("owner", owner.id())
                .param("id", id.asset().value())
                .update();
        assertThat(put(id, point, owner.token()).statusCode()).isEqualTo(200);
    }

    private void reprocess(VersionId id) throws Exception {
        server.bean(JdbcClient.class)
                .sql("update variant set recipe = 'old' where asset_id = :id")
                .param("id", id.asset().value())
                .update();
        assertThat(server.post(path(id, "reprocess"), "{\"dryRun\":false}").statusCode())
                .isEqualTo(200);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> TestServer.json(server.post(path(id, "reprocess"), "{\"dryRun\":true}"))
                                .path("made")
                                .asInt()
                        == 0);
    }

    private String key(Role role) {
        return server.bean(ApiKeys.class).create("a", Set.of(role)).token();
    }

    private JsonNode focalPoint(VersionId id) throws Exception {
        return TestServer.json(server.get(path(id, "info"))).path("focalPoint");
    }

    private HttpResponse<String> put(VersionId id, String body, String key) throws Exception {
        return TestServer.send(HttpRequest.newBuilder(server.url(path(id, "focal-point")))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static String path(VersionId id, String what) {
        return "/v1/assets/" + id.asset() + "/" + what;
    }
}
