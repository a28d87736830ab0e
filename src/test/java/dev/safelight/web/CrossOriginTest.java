package dev.safelight.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.RawHttp;
import dev.safelight.testing.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What pages of other origins may do with the API.
class CrossOriginTest {
    private static final String TOKEN = "us_" + "0".repeat(32) + "_" + "A".repeat(43);

    private final TestServer server = TestServer.shared();

    private RawHttp.Answer send(String method, String path, String... fields) throws IOException {
        return RawHttp.exchange(server.url("/").getPort(), method, path, fields);
    }

    private static String origin() {
        return "Origin: " + TestServer.ORIGIN;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/uploads", "/v1/uploads/batch", "/v1/upload-sessions", "/v1/uppy/" + "x" + "/sign"})
    void answersPreflightsOfAllowedPagesWithoutAKey(String path) throws IOException {
        var answer = send("OPTIONS", path, origin(), "Access-Control-Request-Method: POST");

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.fields())
                .containsEntry("access-control-allow-origin", TestServer.ORIGIN)
                .containsEntry("access-control-allow-methods", "GET, HEAD, POST, DELETE")
                .doesNotContainKey("access-control-allow-credentials");
        assertThat(answer.fields().get("access-control-allow-headers"))
                .contains("Authorization", "Content-Type", "Idempotency-Key");
        assertThat(answer.fields().get("vary")).contains("Origin");
    }

    @ParameterizedTest
    @CsvSource({
        "https://evil.example, POST",
        "https://shop.example.evil.example, POST",
        "http://shop.example, POST",
        "https://shop.example:8443, POST",
        "null, POST",
        "https://shop.example, PATCH"
    })
    void refusesPreflightsOfOthers(String origin, String method) throws IOException {
        var answer = send("OPTIONS", "/v1/uploads", "Origin: " + origin, "Access-Control-Request-Method: " + method);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.fields()).doesNotContainKey("access-control-allow-methods");
        assertThat(answer.fields().get("content-type")).startsWith("application/problem+json");
    }

    @Test
    void letsAllowedPagesReadWhyTheyWereRefused() throws IOException {
        for (var answer : new RawHttp.Answer[] {
            send("POST", "/v1/uploads", origin()),
            send("GET", "/v1/uppy/" + TOKEN + "/events", origin()),
            send("POST", "/v1/uploads", origin(), "Content-Length: 999999"),
            send("GET", "/v1/uploads/x?a=%FF", origin())
        }) {
            assertThat(answer.status()).isBetween(400, 413);
            assertThat(answer.fields())
                    .containsEntry("access-control-allow-origin", TestServer.ORIGIN)
                    .containsEntry("access-control-expose-headers", "ETag, Location, Retry-After");
        }
    }

    @Test
    void saysNothingToPagesOfOtherOrigins() throws IOException {
        var answer = send("POST", "/v1/uploads", "Origin: https://evil.example");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.fields()).doesNotContainKey("access-control-allow-origin");
        assertThat(answer.fields().get("vary")).contains("Origin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/keys", "/v1/assets", "/v1/uploadsx", "/v1/uppyx/a"})
    void keepsTheRestOfTheApiClosedToThem(String path) throws IOException {
        var preflight = send("OPTIONS", path, origin(), "Access-Control-Request-Method: GET");

        assertThat(preflight.status()).isEqualTo(401);
        assertThat(preflight.fields()).doesNotContainKey("access-control-allow-origin");
    }

    @Test
    void neverRepeatsTheSecretOfASession() throws IOException {
        for (String path :
                new String[] {"/v1/uppy/" + TOKEN, "/v1/uppy/" + TOKEN + "/nothing", "/v1/uppy/" + TOKEN + "/sign"}) {
            for (String method : new String[] {"GET", "POST", "PATCH", "OPTIONS"}) {
                var answer = send(method, path);
                assertThat(answer.status()).as(method + " " + path).isEqualTo(401);
                assertThat(answer.text() + answer.fields()).doesNotContain(TOKEN);
                assertThat(answer.fields())
                        .containsEntry("referrer-policy", "no-referrer")
                        .containsEntry("cache-control", "no-store");
            }
        }
    }
}
