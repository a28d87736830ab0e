package dev.safelight.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.access.ApiKeys;
import dev.safelight.access.ApiKeys.IssuedKey;
import dev.safelight.access.Role;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.ContentLimits;
import dev.safelight.asset.Space;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.StoredOriginal;
import dev.safelight.testing.TestServer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Versions of an asset as the API shows them, and what is delivered when one of them is chosen or decided on. The
/// pictures of a test are one pixel higher with each version.
class VersionApiTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int WIDTH = 160;

    private final TestServer server = TestServer.shared();
    private final IssuedKey owner = key(Role.UPLOADER);

    private IssuedKey key(Role role) {
        return server.bean(ApiKeys.class).create(role.text(), Set.of(role));
    }

    private AssetId asset(Space space, int versions) throws Exception {
        String sku = UUID.randomUUID().toString();
        AssetId id = picture(1)
                .asFirst(space, owner.id(), Map.of("sku", sku, "role", "main"))
                .version()
                .id();
        for (int number = 2; number <= versions; number++) {
            picture(number).asNextOf(id);
        }
        return id;
    }

    private StoredOriginal picture(int version) throws Exception {
        return StoredOriginal.jpeg(server, Pictures.jpeg(WIDTH, 100 + version));
    }

    private HttpResponse<String> as(IssuedKey key, String method, String path, String body) throws Exception {
        return TestServer.send(HttpRequest.newBuilder(server.url(path))
                .header("Authorization", "Bearer " + key.token())
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> choose(IssuedKey key, AssetId id, int version) throws Exception {
        return as(key, "PUT", path(id, "/current"), "{\"version\":%d}".formatted(version));
    }

    private HttpResponse<String> decide(AssetId id, String decision) throws Exception {
        return as(key(Role.MODERATOR), "POST", path(id, "/moderation"), decision);
    }

    private static String path(AssetId id, String rest) {
        return "/v1/assets/" + id + rest;
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<String> answer = server.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return TestServer.json(answer);
    }

    /// The version that an address leads to, by the height of the picture; 0 for none.
    private int delivered(String path) throws Exception {
        HttpResponse<byte[]> answer = HTTP.send(
                server.request(path).header("Accept", "image/jpeg").build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() == 404) {
            return 0;
        }
        assertThat(answer.statusCode()).isEqualTo(200);
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(answer.body()));
        return Objects.requireNonNull(picture).getHeight() - 100;
    }

    private int delivered(AssetId id) throws Exception {
        return delivered("/images/" + id + "?width=" + WIDTH);
    }

    @Test
    void listsVersionsNewestFirst() throws Exception {
        AssetId id = asset(Space.PRODUCT, 2);
        picture(3).within(new ContentLimits(10L, null)).asNextOf(id);

        JsonNode versions = get(path(id, "/versions")).path("versions");

        assertThat(versions.valueStream())
                .extracting(one ->
                        one.path("version").asInt() + " " + one.path("status").asString() + " "
                                + one.path("moderation").asString() + " "
                                + one.path("current").asBoolean())
                .containsExactly("3 REJECTED approved false", "2 READY approved true", "1 READY approved false");
        assertThat(versions.path(0).path("reason").asString()).isEqualTo("too-large");
        assertThat(versions.path(0).path("detail").asString()).contains("16480 pixels");
        JsonNode second = versions.path(1);
        assertThat(second.path("fileName").asString()).isEqualTo("a.jpg");
        assertThat(second.path("mediaType").asString()).isEqualTo("image/jpeg");
        assertThat(second.path("bytes").asLong()).isEqualTo(Pictures.jpeg(WIDTH, 102).length);
        assertThat(second.path("sha256").asString()).matches("[0-9a-f]{64}");
        assertThat(second.path("createdAt").asString()).isNotEmpty();
        assertThat(second.path("endedAt").asString()).isNotEmpty();
        JsonNode view = get(path(id, ""));
        assertThat(view.path("version").asInt()).isEqualTo(2);
        assertThat(view.path("versions").asInt()).isEqualTo(3);
    }

    @Test
    void numbersUploadsThatAreGrantedAtOnceOneAfterTheOther() throws Exception {
        AssetId id = asset(Space.PRODUCT, 1);
        String body = "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":10,\"assetId\":\"" + id + "\"}";
        HttpRequest request = server.request("/v1/uploads")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();

        var both = Stream.generate(() -> HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
                .limit(2)
                .toList();

        assertThat(both)
                .extracting(
                        answer -> TestServer.json(answer.join()).path("version").asInt())
                .containsExactlyInAnyOrder(2, 3);
        assertThat(delivered(id)).isEqualTo(1);
        assertThat(get(path(id, "")).path("version").asInt()).isEqualTo(1);
    }

    @Test
    void listsVersionsInPages() throws Exception {
        AssetId id = asset(Space.PRODUCT, 3);

        JsonNode first = get(path(id, "/versions?limit=2"));
        JsonNode second = get(
                path(id, "/versions?limit=2&cursor=" + first.path("nextCursor").asString()));

        assertThat(first.path("versions")).hasSize(2);
        assertThat(second.path("versions").valueStream())
                .extracting(one -> one.path("version").asInt())
                .containsExactly(1);
        assertThat(second.has("nextCursor")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?limit=0",
                "?limit=201",
                "?limit=-1",
                "?limit=99999999999",
                "?cursor=0",
                "?cursor=x",
                "?cursor=",
                "?cursor=99999999999",
                "?page=1"
            })
    void refusesAWrongPage(String query) throws Exception {
        AssetId id = asset(Space.PRODUCT, 1);

        assertThat(server.get(path(id, "/versions" + query)).statusCode()).isEqualTo(400);
    }

    @Test
    void goesBackEverywhereAtOnceAndKeepsTheAddressesOfTheNewerVersion() throws Exception {
        AssetId id = asset(Space.PRODUCT, 2);
        String sku = get(path(id, "")).at("/metadata/sku").asString();
        String bySku = "/skus/" + sku + "/main?width=" + WIDTH;
        String media = get(path(id, "")).at("/variants/0/url").asString();
        assertThat(media).contains("/v2/");
        for (int i = 0; i < 2; i++) {
            assertThat(delivered(id)).isEqualTo(2);
            assertThat(delivered(bySku)).isEqualTo(2);
            assertThat(server.get(media).statusCode()).isEqualTo(200);
        }

        HttpResponse<String> answer = choose(owner, id, 1);

        assertThat(delivered(id)).isEqualTo(1);
        assertThat(delivered(bySku)).isEqualTo(1);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(TestServer.json(answer).path("version").asInt()).isEqualTo(1);
        assertThat(get(path(id, "/info")).path("height").asInt()).isEqualTo(101);
        assertThat(get(path(id, "/srcset")).at("/img/src").asString()).contains("/v1/");
        assertThat(server.get(media).statusCode()).isEqualTo(200);
        assertThat(delivered("/images/" + id + "?v=2&width=" + WIDTH)).isEqualTo(2);
        picture(3).asNextOf(id);
        assertThat(delivered(id)).isEqualTo(3);
        assertThat(get(path(id, "")).path("version").asInt()).isEqualTo(3);
    }

    @Test
    void stopsTheAddressesOfAVersionThatWasGoneBackFromOnceItIsRejected() throws Exception {
        AssetId id = asset(Space.PRODUCT, 2);
        String media = get(path(id, "")).at("/variants/0/url").asString();
        choose(owner, id, 1);

        assertThat(decide(id, "{\"status\":\"rejected\",\"version\":2}").statusCode())
                .isEqualTo(200);

        assertThat(server.get(media).statusCode()).isEqualTo(404);
        assertThat(delivered(id)).isEqualTo(1);
    }

    @Test
    void letsOnlyThoseChooseWhoMayChangeTheAsset() throws Exception {
        AssetId id = asset(Space.PRODUCT, 2);

        assertThat(choose(key(Role.VIEWER), id, 1).statusCode()).isEqualTo(403);
        assertThat(choose(key(Role.MODERATOR), id, 1).statusCode()).isEqualTo(403);
        assertThat(choose(key(Role.UPLOADER), id, 1).statusCode()).isEqualTo(404);
        assertThat(choose(key(Role.MARKETING), id, 1).statusCode()).isEqualTo(404);
        assertThat(as(key(Role.UPLOADER), "GET", path(id, "/versions"), "").statusCode())
                .isEqualTo(404);
        assertThat(delivered(id)).isEqualTo(2);
        assertThat(choose(key(Role.EDITOR), id, 1).statusCode()).isEqualTo(200);
        assertThat(choose(owner, id, 2).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"version\":null}",
                "{\"version\":0}",
                "{\"version\":-1}",
                "{\"version\":\"1\"}",
                "{\"version\":1.5}",
                "{\"version\":99999999999}",
                "{\"version\":1,\"x\":1}",
                "[]"
            })
    void explainsWhatIsWrongWithAChoice(String body) throws Exception {
        AssetId id = asset(Space.PRODUCT, 1);

        HttpResponse<String> answer = as(owner, "PUT", path(id, "/current"), body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @Test
    void choosesNothingThatMayNotBeDelivered() throws Exception {
        AssetId id = asset(Space.PRODUCT, 1);
        picture(2).within(new ContentLimits(10L, null)).asNextOf(id);

        HttpResponse<String> refused = choose(owner, id, 2);

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(TestServer.json(refused).path("detail").asString()).contains("version 2 is REJECTED and approved");
        assertThat(choose(owner, id, 3).statusCode()).isEqualTo(404);
        assertThat(delivered(id)).isEqualTo(1);
    }

    @Test
    void deliversANewVersionOfAUserOnceThatOneIsApproved() throws Exception {
        AssetId id = asset(Space.USER, 1);
        assertThat(decide(id, "{\"status\":\"approved\"}").statusCode()).isEqualTo(200);
        picture(2).asNextOf(id);

        assertThat(delivered(id)).isEqualTo(1);
        assertThat(get(path(id, "")).path("version").asInt()).isEqualTo(1);
        HttpResponse<String> unclear = decide(id, "{\"status\":\"approved\"}");
        assertThat(unclear.statusCode()).isEqualTo(409);
        assertThat(TestServer.json(unclear).path("detail").asString())
                .contains("version 1 is shown")
                .contains("version 2 waits");
        assertThat(choose(owner, id, 2).statusCode()).isEqualTo(409);
        assertThat(decide(id, "{\"status\":\"approved\",\"version\":9}").statusCode())
                .isEqualTo(404);
        assertThat(delivered(id)).isEqualTo(1);

        HttpResponse<String> approved = decide(id, "{\"status\":\"approved\",\"version\":2}");

        assertThat(TestServer.json(approved).path("version").asInt()).isEqualTo(2);
        assertThat(delivered(id)).isEqualTo(2);
    }

    @Test
    void stopsTheCurrentVersionWithoutANumberWhileAnotherWaits() throws Exception {
        AssetId id = asset(Space.USER, 1);
        decide(id, "{\"status\":\"approved\"}");
        picture(2).asNextOf(id);

        HttpResponse<String> answer = decide(id, "{\"status\":\"rejected\"}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(TestServer.json(answer).path("version").asInt()).isEqualTo(1);
        assertThat(delivered(id)).isZero();
    }

    @Test
    void takesNoDecisionWithoutANumberWhileSeveralVersionsWait() throws Exception {
        AssetId id = asset(Space.USER, 2);

        assertThat(decide(id, "{\"status\":\"approved\"}").statusCode()).isEqualTo(409);
        assertThat(decide(id, "{\"status\":\"rejected\"}").statusCode()).isEqualTo(409);
        assertThat(decide(id, "{\"status\":\"rejected\",\"version\":2}").statusCode())
                .isEqualTo(200);
        assertThat(decide(id, "{\"status\":\"approved\"}").statusCode()).isEqualTo(200);

        assertThat(delivered(id)).isEqualTo(1);
    }

    @Test
    void deliversNothingAfterTheCurrentVersionWasRejectedUntilSomebodyGoesBack() throws Exception {
        AssetId id = asset(Space.PRODUCT, 2);
        decide(id, "{\"status\":\"rejected\"}");
        assertThat(delivered(id)).isZero();

        assertThat(choose(owner, id, 1).statusCode()).isEqualTo(200);

        assertThat(delivered(id)).isEqualTo(1);
        assertThat(decide(id, "{\"status\":\"approved\",\"version\":2}").statusCode())
                .isEqualTo(200);
        assertThat(delivered(id)).isEqualTo(1);
    }
}
