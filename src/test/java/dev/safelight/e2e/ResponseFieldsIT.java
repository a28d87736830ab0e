package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.RawHttp;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.SharedServer;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// The table of what is answered with which fields: no answer has more, and none has less.
@ExtendWith({ShowServerLog.class, SharedServer.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResponseFieldsIT {
    private static final String IMMUTABLE = "public, max-age=31536000, immutable";
    private static final String ON_DEMAND = "public, max-age=86400, stale-while-revalidate=86400, stale-if-error=86400";
    private static final String PRIVATE = "private, no-store";
    private static final String NEVER = "no-store";
    private static final String NOBODY = "00000000-0000-7000-8000-000000000000";

    /// Of all content.
    private static final Set<String> CONTENT = Set.of(
            "accept-ranges",
            "cache-control",
            "content-length",
            "content-security-policy",
            "content-type",
            "cross-origin-resource-policy",
            "etag",
            "x-content-type-options");
    /// Of what pages of any origin may read.
    private static final Set<String> OPEN =
            Set.of("access-control-allow-origin", "access-control-expose-headers", "timing-allow-origin");

    /// Of the API.
    private static final Set<String> API = Set.of(
            "cache-control", "content-type", "vary", "x-content-type-options", "x-frame-options", "x-xss-protection");

    private static final Set<String> PROBLEM = Set.of(
            "access-control-allow-origin", "cache-control", "content-length", "content-type", "x-content-type-options");

    private final int port;
    private final String key;
    private final String product;
    private final String user;
    private final String productAsset;
    private final String userAsset;

    ResponseFieldsIT(SafelightProcess server) {
        this.port = server.url().getPort();
        this.key = server.adminKey();
        byte[] picture = Pictures.jpeg(640, 480);
        try (ApiUser admin = server.admin()) {
            JsonNode open = admin.upload(UploadOrder.jpeg("a.jpg", picture.length), picture);
            JsonNode closed =
                    admin.upload(UploadOrder.jpeg("b.jpg", picture.length).with("space", "user"), picture);
            this.productAsset = open.path("id").asString();
            this.userAsset = closed.path("id").asString();
            admin.post("/v1/assets/" + userAsset + "/moderation", "{\"status\":\"approved\",\"version\":1}")
                    .expect(200);
            this.product = path(open);
            this.user = path(admin.asset(userAsset));
        }
    }

    private static String path(JsonNode asset) {
        String url = asset.at("/variants/0/url").asString();
        return url.substring(url.indexOf("/media/"));
    }

    private static Set<String> both(Set<String> one, Set<String> other, String... more) {
        Set<String> all = new TreeSet<>(one);
        all.addAll(other);
        all.addAll(List.of(more));
        return all;
    }

    static Stream<Arguments> table() {
        return Stream.of(
                argumentSet(
                        "stored", "GET", "PRODUCT", List.of(), 200, IMMUTABLE, both(CONTENT, OPEN, "last-modified")),
                argumentSet(
                        "stored, head",
                        "HEAD",
                        "PRODUCT",
                        List.of(),
                        200,
                        IMMUTABLE,
                        both(CONTENT, OPEN, "last-modified")),
                argumentSet(
                        "stored, a range",
                        "GET",
                        "PRODUCT",
                        List.of("Range: bytes=0-9"),
                        206,
                        IMMUTABLE,
                        both(CONTENT, OPEN, "last-modified", "content-range")),
                argumentSet(
                        "stored, ranges",
                        "GET",
                        "PRODUCT",
                        List.of("Range: bytes=0-9,20-29"),
                        206,
                        IMMUTABLE,
                        both(CONTENT, OPEN, "last-modified")),
                argumentSet(
                        "stored, unchanged",
                        "GET",
                        "PRODUCT",
                        List.of("If-None-Match: *"),
                        304,
                        IMMUTABLE,
                        both(OPEN, Set.of(), "cache-control", "cross-origin-resource-policy", "etag", "last-modified")),
                argumentSet(
                        "stored, changed",
                        "GET",
                        "PRODUCT",
                        List.of("If-Match: \"x\""),
                        412,
                        NEVER,
                        both(PROBLEM, Set.of(), "etag")),
                argumentSet(
                        "stored, behind the end",
                        "GET",
                        "PRODUCT",
                        List.of("Range: bytes=9999999-"),
                        416,
                        NEVER,
                        both(PROBLEM, Set.of(), "content-range")),
                argumentSet(
                        "stored, another method",
                        "DELETE",
                        "PRODUCT",
                        List.of(),
                        405,
                        NEVER,
                        both(PROBLEM, Set.of(), "allow")),
                argumentSet(
                        "private",
                        "GET",
                        "USER",
                        List.of("KEY"),
                        200,
                        PRIVATE,
                        both(CONTENT, Set.of(), "last-modified")),
                argumentSet(
                        "private, unchanged",
                        "GET",
                        "USER",
                        List.of("KEY", "If-None-Match: *"),
                        304,
                        PRIVATE,
                        Set.of("cache-control", "cross-origin-resource-policy", "etag", "last-modified")),
                argumentSet("private, of a stranger", "GET", "USER", List.of(), 404, NEVER, PROBLEM),
                argumentSet(
                        "on demand",
                        "GET",
                        "/images/PRODUCTASSET?width=96",
                        List.of(),
                        200,
                        ON_DEMAND,
                        both(CONTENT, OPEN, "server-timing", "vary")),
                argumentSet(
                        "on demand, head",
                        "HEAD",
                        "/images/PRODUCTASSET?width=96",
                        List.of(),
                        200,
                        ON_DEMAND,
                        both(CONTENT, OPEN, "server-timing", "vary")),
                argumentSet(
                        "on demand, a range",
                        "GET",
                        "/images/PRODUCTASSET?width=96",
                        List.of("Range: bytes=0-9"),
                        206,
                        ON_DEMAND,
                        both(CONTENT, OPEN, "content-range", "server-timing", "vary")),
                argumentSet(
                        "on demand, unchanged",
                        "GET",
                        "/images/PRODUCTASSET?width=96",
                        List.of("If-None-Match: *"),
                        304,
                        ON_DEMAND,
                        both(
                                OPEN,
                                Set.of("server-timing", "vary"),
                                "cache-control",
                                "cross-origin-resource-policy",
                                "etag")),
                argumentSet(
                        "on demand, of nothing",
                        "GET",
                        "/images/" + NOBODY + ".jpg?width=96",
                        List.of(),
                        404,
                        NEVER,
                        PROBLEM),
                argumentSet(
                        "on demand, of a format",
                        "GET",
                        "/images/PRODUCTASSET.jpg?width=96",
                        List.of(),
                        200,
                        ON_DEMAND,
                        both(CONTENT, OPEN, "server-timing")),
                argumentSet(
                        "on demand, private",
                        "GET",
                        "/images/USERASSET.jpg?width=96",
                        List.of("KEY"),
                        200,
                        PRIVATE,
                        both(CONTENT, Set.of(), "server-timing")),
                argumentSet(
                        "on demand, nonsense",
                        "GET",
                        "/images/PRODUCTASSET?width=many",
                        List.of(),
                        400,
                        NEVER,
                        PROBLEM),
                argumentSet(
                        "a stand-in",
                        "GET",
                        "/images/" + NOBODY + ".jpg?width=96&placeholder=true",
                        List.of(),
                        200,
                        "public, max-age=60",
                        both(CONTENT, OPEN, "safelight-placeholder", "server-timing", "vary")),
                argumentSet("API", "GET", "/v1/assets/PRODUCTASSET", List.of("KEY"), 200, "no-store, private", API),
                argumentSet(
                        "API, sizes as JSON",
                        "GET",
                        "/v1/assets/PRODUCTASSET/srcset",
                        List.of("KEY"),
                        200,
                        "no-store, private",
                        API),
                argumentSet(
                        "API, sizes as HTML",
                        "GET",
                        "/v1/assets/PRODUCTASSET/srcset",
                        List.of("KEY", "Accept: text/html"),
                        200,
                        "no-store, private",
                        both(API, Set.of(), "content-length", "content-security-policy")),
                argumentSet(
                        "API, without a key",
                        "GET",
                        "/v1/assets/PRODUCTASSET",
                        List.of(),
                        401,
                        NEVER,
                        both(API, Set.of(), "content-length", "www-authenticate")),
                argumentSet("API, nothing", "GET", "/v1/assets/" + NOBODY, List.of("KEY"), 404, NEVER, API),
                argumentSet(
                        "API, another type",
                        "POST",
                        "/v1/access",
                        List.of("KEY", "Content-Type: text/plain", "Content-Length: 0"),
                        415,
                        NEVER,
                        both(API, Set.of(), "accept")),
                argumentSet(
                        "API, too much",
                        "POST",
                        "/v1/access",
                        List.of("KEY", "Content-Type: application/json", "Content-Length: 99999999"),
                        413,
                        NEVER,
                        Set.of("cache-control", "content-length", "content-type", "vary")),
                argumentSet(
                        "preflight",
                        "OPTIONS",
                        "PRODUCT",
                        List.of("Origin: https://a.example", "Access-Control-Request-Method: GET"),
                        204,
                        null,
                        Set.of(
                                "access-control-allow-headers",
                                "access-control-allow-methods",
                                "access-control-allow-origin",
                                "access-control-max-age",
                                "allow",
                                "x-content-type-options")));
    }

    @ParameterizedTest
    @MethodSource("table")
    void hasTheFieldsOfItsKind(
            String method, String path, List<String> fields, int status, String cacheControl, Set<String> names)
            throws IOException {
        List<String> sent = new ArrayList<>(fields);
        sent.replaceAll(field -> field.equals("KEY") ? "Authorization: Bearer " + key : field);
        String address = path.replace("PRODUCTASSET", productAsset)
                .replace("USERASSET", userAsset)
                .replace("PRODUCT", product)
                .replace("USER", user);
        // Asked twice: from where it is kept, and from memory.
        for (int i = 0; i < 2; i++) {
            RawHttp.Answer answer = RawHttp.exchange(port, method, address, sent.toArray(String[]::new));
            assertThat(answer.status()).as(answer.text()).isEqualTo(status);
            Map<String, String> own = new TreeMap<>(answer.ownFields());
            assertThat(own.keySet()).isEqualTo(new TreeSet<>(names));
            assertThat(own.get("cache-control")).isEqualTo(cacheControl);
        }
    }
}
