package dev.safelight.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.access.ApiKeys;
import dev.safelight.access.Role;
import dev.safelight.asset.Space;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.TestServer;
import dev.safelight.testing.UploadedPicture;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Signatures as the API hands them out, used where the product space is public and the user space private.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessApiTest {
    private static final String UNKNOWN = "0199d3a4-5b6c-7d8e-9f00-112233445566";

    private final TestServer server = TestServer.shared();
    private String product;
    private String user;

    @BeforeAll
    void upload() throws Exception {
        product = picture(Space.PRODUCT);
        user = picture(Space.USER);
        moderate(user, "approved");
    }

    private String picture(Space space) throws Exception {
        return UploadedPicture.ready(server, space, Pictures.jpeg(640, 480))
                .asset()
                .toString();
    }

    private void moderate(String asset, String status) throws Exception {
        assertThat(server.post("/v1/assets/" + asset + "/moderation", "{\"status\":\"%s\"}".formatted(status))
                        .statusCode())
                .isEqualTo(200);
    }

    private HttpResponse<String> access(String asset, String more) throws Exception {
        return server.post("/v1/access", "{\"assets\":[\"%s\"]%s}".formatted(asset, more));
    }

    private JsonNode granted(String asset, String more) throws Exception {
        HttpResponse<String> answer = access(asset, more);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store, private");
        return TestServer.json(answer);
    }

    private HttpResponse<String> visit(String url, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.url("/").resolve(URI.create(url)));
        return TestServer.send(headers.length == 0 ? request : request.headers(headers));
    }

    private static List<String> urls(JsonNode asset) {
        return asset.path("variants")
                .valueStream()
                .map(variant -> variant.path("url").asString())
                .toList();
    }

    @Test
    void signedUrlsOpenAPrivateSpaceForAWhile() throws Exception {
        JsonNode access = granted(user, ",\"ttl\":60");
        assertThat(access.path("format").asString()).isEqualTo("safelight");
        assertThat(Instant.parse(access.path("expiresAt").asString()))
                .isBetween(Instant.now().plusSeconds(50), Instant.now().plusSeconds(61));
        assertThat(access.path("cookies").size()).isZero();
        JsonNode asset = access.path("assets").path(0);
        assertThat(asset.path("asset").asString()).isEqualTo(user);
        assertThat(urls(asset)).isNotEmpty();
        for (String url : urls(asset)) {
            assertThat(url).startsWith("/media/image/" + user + "/v1/").contains("?access=test.");
            HttpResponse<String> answer = visit(url);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Cache-Control")).contains("private, no-store");
            assertThat(visit(url.replaceFirst("\\?.*", "")).statusCode()).isEqualTo(404);
        }
        String image = asset.path("image").asString();
        assertThat(visit(image).statusCode()).isEqualTo(200);
        HttpResponse<String> small = visit(image + "&width=200&format=webp");
        assertThat(small.statusCode()).isEqualTo(200);
        assertThat(small.headers().firstValue("Cache-Control")).contains("private, no-store");
        assertThat(visit("/images/" + user + ".jpg?width=200&"
                                + asset.path("query").asString())
                        .statusCode())
                .isEqualTo(200);
        assertThat(visit("/images/" + user + "?width=200").statusCode()).isEqualTo(404);
        assertThat(visit("/images/" + user + "?width=207&" + asset.path("query").asString())
                        .statusCode())
                .as("what is asked of the picture has rules of its own")
                .isEqualTo(400);
    }

    @Test
    void whatIsRejectedAnswersNoSignature() throws Exception {
        String asset = picture(Space.USER);
        assertThat(access(asset, "").statusCode()).isEqualTo(409);
        moderate(asset, "approved");
        JsonNode access = granted(asset, "").path("assets").path(0);
        List<String> all = new ArrayList<>(urls(access));
        all.add(access.path("image").asString() + "&width=200");
        for (String url : all) {
            assertThat(visit(url).statusCode()).isEqualTo(200);
        }
        moderate(asset, "rejected");
        for (String url : all) {
            assertThat(visit(url).statusCode()).isEqualTo(404);
        }
        HttpResponse<String> refused = access(asset, "");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("READY and approved", "rejected");
        moderate(asset, "approved");
        assertThat(visit(all.getFirst()).statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsPublicNeedsNoneAndTakesIt() throws Exception {
        JsonNode asset = granted(product, "").path("assets").path(0);
        String url = urls(asset).getFirst();
        assertThat(visit(url).statusCode()).isEqualTo(200);
        assertThat(visit(url + "x").headers().firstValue("Cache-Control"))
                .contains("public, max-age=31536000, immutable");
        assertThat(visit(asset.path("image").asString() + "&width=200").statusCode())
                .isEqualTo(200);
        assertThat(server.get("/v1/assets/" + product).body()).doesNotContain("access=");
        assertThat(server.get("/v1/assets/" + user).body()).doesNotContain("access=");
    }

    @Test
    void aPathNarrowsWhatIsCovered() throws Exception {
        JsonNode all = granted(user, "").path("assets").path(0);
        String one = urls(all).getFirst().replaceFirst("\\?.*", "");
        JsonNode exact =
                granted(user, ",\"path\":\"%s\"".formatted(one)).path("assets").path(0);
        assertThat(urls(exact)).hasSize(1);
        assertThat(exact.has("image")).isFalse();
        assertThat(visit(urls(exact).getFirst()).statusCode()).isEqualTo(200);
        String other = urls(all).getLast().replaceFirst("\\?.*", "");
        HttpResponse<String> refused = visit(other + "?" + exact.path("query").asString());
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("another path");

        JsonNode webp = granted(user, ",\"path\":\"/media/image/%s/v?/*.webp\"".formatted(user))
                .path("assets")
                .path(0);
        assertThat(urls(webp)).isNotEmpty().allMatch(url -> url.contains(".webp?access="));
        assertThat(granted(user, ",\"path\":\"/images/%s.webp\"".formatted(user))
                        .at("/assets/0/image")
                        .asString())
                .startsWith("/images/" + user + ".webp?access=");
    }

    @Test
    void cookiesAreForPlayersAndHiddenFromScripts() throws Exception {
        HttpResponse<String> answer = access(user, ",\"as\":\"cookies\",\"ttl\":60");
        List<String> fields = answer.headers().allValues("Set-Cookie");
        assertThat(fields).hasSize(1);
        assertThat(fields.getFirst())
                .startsWith("Safelight-Access=test.")
                .contains("; Path=/;", "; Secure", "; HttpOnly", "; SameSite=Lax")
                .containsPattern("; Max-Age=(59|60);")
                .doesNotContain("Domain");
        JsonNode access = TestServer.json(answer);
        assertThat(access.path("cookies").path(0).asString()).isEqualTo(fields.getFirst());
        String cookie = fields.getFirst().replaceFirst(";.*", "");
        String plain = urls(access.path("assets").path(0)).getFirst();
        assertThat(plain).doesNotContain("?");
        assertThat(visit(plain).statusCode()).isEqualTo(404);
        assertThat(visit(plain, "Cookie", cookie).statusCode()).isEqualTo(200);
        assertThat(visit("/images/" + user + ".webp?width=200", "Cookie", cookie)
                        .statusCode())
                .isEqualTo(200);

        String narrow = access(
                        user,
                        ",\"as\":\"cookies\",\"path\":\"/media/image/%s/v1/\",\"sameSite\":\"none\",\"domain\":\"example.com\""
                                .formatted(user))
                .headers()
                .allValues("Set-Cookie")
                .getFirst();
        assertThat(narrow).contains("; Path=/media/image/" + user + "/v1;", "; Domain=example.com", "; SameSite=None");
    }

    @Test
    void oneCookieHoldsSeveralAssets() throws Exception {
        String other = picture(Space.USER);
        moderate(other, "approved");
        HttpResponse<String> answer = server.post(
                "/v1/access", "{\"assets\":[\"%s\",\"%s\",\"%s\"],\"as\":\"cookies\"}".formatted(user, other, user));
        String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
        JsonNode assets = TestServer.json(answer).path("assets");
        assertThat(assets.size()).isEqualTo(2);
        for (JsonNode asset : assets) {
            assertThat(asset.path("paths").size()).isEqualTo(2);
            assertThat(visit(urls(asset).getFirst(), "Cookie", cookie).statusCode())
                    .isEqualTo(200);
        }
        HttpResponse<String> mixed =
                server.post("/v1/access", "{\"assets\":[\"%s\",\"%s\"],\"as\":\"cookies\"}".formatted(user, product));
        assertThat(mixed.statusCode()).isEqualTo(400);
        assertThat(mixed.body()).contains("one space");
    }

    @Test
    void givesNoMoreThanTheCallerMaySee() throws Exception {
        ApiKeys keys = server.bean(ApiKeys.class);
        String body = "{\"assets\":[\"%s\"]}".formatted(user);
        Map<Role, Integer> expected = Map.of(
                Role.VIEWER, 200, Role.EDITOR, 200, Role.MODERATOR, 200, Role.UPLOADER, 404, Role.MARKETING, 404);
        for (var role : expected.entrySet()) {
            String token = keys.create("access", Set.of(role.getKey())).token();
            assertThat(server.post("/v1/access", body, token).statusCode())
                    .as(role.getKey().text())
                    .isEqualTo(role.getValue());
        }
        assertThat(TestServer.send(HttpRequest.newBuilder(server.url("/v1/access"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body)))
                        .statusCode())
                .isEqualTo(401);
        HttpResponse<String> unknown = access(UNKNOWN, "");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("There is no asset with this id.");
    }

    @Test
    void deletedAssetsAreNotSigned() throws Exception {
        String asset = picture(Space.PRODUCT);
        String url = urls(granted(asset, "").path("assets").path(0)).getFirst();
        assertThat(visit(url).statusCode()).isEqualTo(200);
        assertThat(TestServer.send(server.request("/v1/assets/" + asset).DELETE())
                        .statusCode())
                .isBetween(200, 299);
        assertThat(visit(url).statusCode()).isEqualTo(404);
        assertThat(access(asset, "").statusCode()).isIn(404, 409);
    }

    @Test
    void holdsForTheClientsAndPagesThatWereAskedFor() throws Exception {
        String here = urls(granted(user, ",\"ip\":\"127.0.0.1\"").path("assets").path(0))
                .getFirst();
        assertThat(visit(here).statusCode()).isEqualTo(200);
        String there = urls(granted(user, ",\"ip\":\"192.0.2.0/24\"")
                        .path("assets")
                        .path(0))
                .getFirst();
        assertThat(visit(there).statusCode()).isEqualTo(403);
        String page = urls(granted(user, ",\"referrers\":[\"*.example.com\"]")
                        .path("assets")
                        .path(0))
                .getFirst();
        assertThat(visit(page).statusCode()).isEqualTo(403);
        assertThat(visit(page, "Referer", "https://shop.example.com/").statusCode())
                .isEqualTo(200);
        Instant later = Instant.now().plus(Duration.ofMinutes(5));
        String early = urls(granted(user, ",\"notBefore\":\"%s\"".formatted(later))
                        .path("assets")
                        .path(0))
                .getFirst();
        HttpResponse<String> refused = visit(early);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("does not hold yet");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                ",\"ttl\":0 | must be at least 1",
                ",\"ttl\":-1 | must be at least 1",
                ",\"ttl\":604801 | 604800",
                ",\"ttl\":9223372036854775807 | 604800",
                ",\"ttl\":\"60\" | ttl",
                ",\"ttl\":1.5 | ttl",
                ",\"format\":\"aws\" | safelight or cloudfront",
                ",\"as\":\"header\" | url or cookies",
                ",\"ip\":\"localhost\" | 192.0.2.0/24",
                ",\"ip\":\"192.0.2.0/33\" | 192.0.2.0/24",
                ",\"referrers\":[\"https://x\"] | shop.example.com",
                ",\"referrers\":[null] | referrers",
                ",\"notBefore\":\"tomorrow\" | notBefore",
                ",\"notBefore\":\"2999-01-01T00:00:00Z\" | before the end",
                ",\"sameSite\":\"lax\" | as=cookies",
                ",\"as\":\"cookies\",\"sameSite\":\"Lax\" | lax, strict or none",
                ",\"as\":\"cookies\",\"domain\":\"x; Path=/\" | domain",
                ",\"as\":\"cookies\",\"domain\":\"com\" | domain",
                ",\"path\":\"/\" | must be below",
                ",\"path\":\"/*\" | must be below",
                ",\"path\":\"/media/image/*\" | must be below",
                ",\"path\":\"/images/%s/../x\" | must be below",
                ",\"path\":\"/images/%s0\" | must be below",
                ",\"path\":\"media\" | slash in front",
                ",\"path\":\"/media/image/%s/a b\" | slash in front",
                ",\"path\":\"/media/image/%s/v1/none-1w.webp\" | nothing at this path",
                ",\"unknown\":1 | unknown",
                ",\"format\":\"cloudfront\",\"referrers\":[\"a.example\"] | no referrers",
                ",\"format\":\"cloudfront\",\"ip\":\"2001:db8::1\" | IPv4",
            })
    void refusesWhatItCannotGrant(String more, String sentence) throws Exception {
        HttpResponse<String> answer = access(user, more.replace("%s", user));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(answer.body()).contains(sentence);
        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
    }

    @Test
    void refusesBodiesThatAreNone() throws Exception {
        String many = IntStream.range(0, 101).mapToObj(i -> "\"" + user + "\"").collect(Collectors.joining(","));
        String eleven = IntStream.range(0, 11).mapToObj(i -> "\"x\"").collect(Collectors.joining(","));
        for (String body : List.of(
                "",
                "[]",
                "{}",
                "{\"assets\":null}",
                "{\"assets\":[]}",
                "{\"assets\":[null]}",
                "{\"assets\":[1]}",
                "{\"assets\":\"%s\"}".formatted(user),
                "{\"assets\":[%s]}".formatted(many),
                "{\"assets\":[\"nonsense\"]}",
                "{\"assets\":[\"%s\"],\"referrers\":[%s]}".formatted(user, eleven),
                "{\"assets\":[\"%s\",\"%s\"],\"path\":\"/images/%s\"}".formatted(user, product, user),
                "{\"assets\":[\"%s\"]} {}".formatted(user))) {
            assertThat(server.post("/v1/access", body).statusCode()).as(body).isEqualTo(400);
        }
        HttpResponse<String> noKey = access(product, ",\"format\":\"cloudfront\"");
        assertThat(noKey.statusCode()).isEqualTo(409);
        assertThat(noKey.body()).contains("safelight.signing.cloudfront.private-key");
    }

    @Test
    void aChangedCharacterIsRefused() throws Exception {
        String url = urls(granted(user, "").path("assets").path(0)).getFirst();
        int start = url.indexOf("access=") + "access=".length();
        for (int at = start; at < url.length(); at += 7) {
            char other = url.charAt(at) == 'A' ? 'B' : 'A';
            assertThat(visit(url.substring(0, at) + other + url.substring(at + 1))
                            .statusCode())
                    .isEqualTo(403);
        }
    }
}
