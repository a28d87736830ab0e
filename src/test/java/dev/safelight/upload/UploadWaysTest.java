package dev.safelight.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.testing.Pictures;
import dev.safelight.testing.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// The ways bytes can take: one request or several parts, to a new asset or as its next version, or none at all.
class UploadWaysTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    /// Three parts of the test server's size.
    private static final byte[] LARGE = Pictures.heavyJpeg(11 << 20, 1);

    private static final String SMALL = "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":10}";

    private final TestServer server = TestServer.shared();

    private JsonNode grant(String json) throws IOException, InterruptedException {
        var answer = server.post("/v1/uploads", json);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return TestServer.json(answer);
    }

    private JsonNode grantParts() throws IOException, InterruptedException {
        return grant("{\"fileName\":\"large.jpg\",\"contentType\":\"image/jpeg\",\"size\":%d,\"method\":\"multipart\"}"
                .formatted(LARGE.length));
    }

    private static HttpResponse<String> put(String url, byte[] bytes, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url)).PUT(HttpRequest.BodyPublishers.ofByteArray(bytes));
        return TestServer.send(headers.length == 0 ? request : request.headers(headers));
    }

    private static void sendPart(JsonNode part, int partBytes) throws Exception {
        int from = (part.path("partNumber").asInt() - 1) * partBytes;
        byte[] bytes = Arrays.copyOfRange(LARGE, from, Math.min(LARGE.length, from + partBytes));
        assertThat(bytes.length).isEqualTo(part.path("bytes").asInt());
        assertThat(put(part.path("url").asString(), bytes).statusCode()).isEqualTo(200);
    }

    private JsonNode state(JsonNode upload) throws IOException, InterruptedException {
        return TestServer.json(server.get("/v1/uploads/" + id(upload)));
    }

    private static String id(JsonNode upload) {
        return upload.path("uploadId").asString();
    }

    private void awaitStatus(JsonNode upload, String status) {
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(state(upload).path("status").asString()).isEqualTo(status));
    }

    @Test
    void takesTheBodyOfOnePut() throws Exception {
        byte[] picture = Pictures.jpeg(320, 200);
        JsonNode upload = grant("{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":%d,\"method\":\"put\"}"
                .formatted(picture.length));
        JsonNode grant = upload.path("grant");
        String type = grant.path("headers").path("Content-Type").asString();

        assertThat(grant.path("method").asString()).isEqualTo("PUT");
        assertThat(put(grant.path("url").asString(), picture, "Content-Type", type, "If-None-Match", "*")
                        .statusCode())
                .isEqualTo(200);
        awaitStatus(upload, "READY");
    }

    @Test
    void joinsPartsOnceAllAreThere() throws Exception {
        JsonNode upload = grantParts();
        JsonNode grant = upload.path("grant");
        int partBytes = grant.path("partBytes").asInt();
        assertThat(grant.path("partCount").asInt()).isEqualTo(3);
        sendPart(grant.path("parts").get(0), partBytes);
        sendPart(grant.path("parts").get(2), partBytes);

        var early = server.post("/v1/uploads/" + id(upload) + "/complete", "");
        assertThat(early.statusCode()).isEqualTo(409);
        assertThat(TestServer.json(early).path("reason").asString()).isEqualTo("parts-missing");
        assertThat(TestServer.json(early).path("detail").asString()).contains("part 2 is missing");
        assertThat(state(upload).path("receivedBytes").asLong()).isEqualTo(LARGE.length - partBytes);

        JsonNode listed = TestServer.json(server.get("/v1/uploads/" + id(upload) + "/parts"));
        assertThat(listed.path("parts").findValuesAsString("partNumber")).containsExactly("1", "3");
        JsonNode signed = TestServer.json(server.post("/v1/uploads/" + id(upload) + "/parts", "{\"partNumbers\":[2]}"));
        sendPart(signed.path("parts").get(0), partBytes);

        assertThat(server.post("/v1/uploads/" + id(upload) + "/complete", "").statusCode())
                .isEqualTo(202);
        assertThat(server.post("/v1/uploads/" + id(upload) + "/complete", "").statusCode())
                .isEqualTo(202);
        awaitStatus(upload, "READY");
        assertThat(server.post("/v1/uploads/" + id(upload) + "/complete", "").statusCode())
                .isEqualTo(202);
    }

    @Test
    void forgetsThePartsOfAnAbortedUpload() throws Exception {
        JsonNode upload = grantParts();
        JsonNode grant = upload.path("grant");
        sendPart(grant.path("parts").get(0), grant.path("partBytes").asInt());

        for (int again = 0; again < 2; again++) {
            var aborted =
                    TestServer.send(server.request("/v1/uploads/" + id(upload)).DELETE());
            assertThat(aborted.statusCode()).as(aborted.body()).isEqualTo(204);
        }
        assertThat(state(upload).path("reason").asString()).isEqualTo("upload-aborted");
        for (String path : new String[] {"/complete", "/parts"}) {
            var late = server.post("/v1/uploads/" + id(upload) + path, "{\"partNumbers\":[1]}");
            assertThat(late.statusCode()).as(path).isEqualTo(409);
            assertThat(TestServer.json(late).path("reason").asString()).isEqualTo("upload-aborted");
        }
        byte[] rest = new byte[grant.path("parts").get(1).path("bytes").asInt()];
        assertThat(put(grant.path("parts").get(1).path("url").asString(), rest).statusCode())
                .isEqualTo(404);
    }

    @Test
    void servesTheOldVersionUntilTheNewOneIsReady() throws Exception {
        byte[] first = Pictures.jpeg(320, 200);
        byte[] second = Pictures.jpeg(300, 300);
        JsonNode upload = grant("{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":%d,\"method\":\"put\"}"
                .formatted(first.length));
        put(upload.path("grant").path("url").asString(), first, "Content-Type", "image/jpeg", "If-None-Match", "*");
        awaitStatus(upload, "READY");
        String asset = upload.path("assetId").asString();

        JsonNode next = grant(
                "{\"fileName\":\"b.jpg\",\"contentType\":\"image/jpeg\",\"size\":%d,\"method\":\"put\",\"assetId\":\"%s\"}"
                        .formatted(second.length, asset));
        assertThat(next.path("version").asInt()).isEqualTo(2);
        assertThat(width(asset)).isEqualTo(320);

        put(next.path("grant").path("url").asString(), second, "Content-Type", "image/jpeg", "If-None-Match", "*");
        awaitStatus(next, "READY");
        assertThat(width(asset)).isEqualTo(300);
    }

    private int width(String asset) throws Exception {
        return TestServer.json(server.get("/v1/assets/" + asset + "/info"))
                .path("width")
                .asInt();
    }

    @Test
    void asksForNoBytesThatTheSpaceHasAlready() throws Exception {
        byte[] picture = Pictures.jpeg(333, 222);
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(picture));
        String order =
                "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":%d,\"method\":\"put\",\"space\":\"marketing\",\"sha256\":\"%s\"}"
                        .formatted(picture.length, hash);
        JsonNode first = grant(order);
        put(first.path("grant").path("url").asString(), picture, "Content-Type", "image/jpeg", "If-None-Match", "*");
        awaitStatus(first, "READY");

        JsonNode second = grant(order);

        assertThat(second.path("deduplicated").asBoolean()).isTrue();
        assertThat(second.has("grant")).isFalse();
        assertThat(second.path("assetId")).isNotEqualTo(first.path("assetId"));
        awaitStatus(second, "READY");
    }

    @ParameterizedTest
    @CsvSource({"'1,x,', '\"1\"'", "'ID,x,y', '\"x\"'", "'ID,', '\"\"'", "'7 7', '\"7 7\"'"})
    void namesTheFirstIdThatIsNone(String ids, String named) throws Exception {
        String id = new UUID(1, 2).toString();
        var answer = server.get("/v1/uploads?ids=" + URLEncoder.encode(ids.replace("ID", id), StandardCharsets.UTF_8));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(TestServer.json(answer).path("detail").asString()).contains(named.replace("ID", id));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/uploads?ids=ID&limit=3, 'allowed are ids.'",
        "GET, /v1/uploads/ID?x=1, 'there are none.'",
        "DELETE, /v1/uploads/ID?force=true, 'there are none.'",
        "POST, /v1/uploads/ID/complete?force=true, 'there are none.'",
        "GET, /v1/uploads/ID/parts?page=2, 'there are none.'",
        "POST, /v1/uploads/ID/parts?x=1, 'there are none.'",
        "POST, /v1/uploads?space=user, 'there are none.'",
        "POST, /v1/uploads/batch?space=user, 'there are none.'"
    })
    void refusesParametersThatItDoesNotKnow(String method, String path, String allowed) throws Exception {
        String body = path.contains("/parts")
                ? "{\"partNumbers\":[1]}"
                : path.contains("/batch") ? "{\"uploads\":[%s]}".formatted(SMALL) : SMALL;
        var answer = TestServer.send(server.request(path.replace("ID", new UUID(1, 2).toString()))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(TestServer.json(answer).path("detail").asString()).contains("is not known here", allowed);
    }

    @Test
    void answersEachOfSeveralRequestsOnItsOwn() throws Exception {
        String good = "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":10,\"idempotencyKey\":\"%s\"}"
                .formatted(UUID.randomUUID());
        var answer = server.post(
                "/v1/uploads/batch",
                "{\"uploads\":[%s,{\"fileName\":\"a.exe\",\"contentType\":\"application/x-msdownload\",\"size\":10},{},%s,%s]}"
                        .formatted(good, good, good.replace("\"size\":10", "\"size\":11")));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode uploads = TestServer.json(answer).path("uploads");
        assertThat(uploads.get(0).path("upload").path("grant").isObject()).isTrue();
        assertThat(uploads.get(1).path("problem").path("status").asInt()).isEqualTo(415);
        assertThat(uploads.get(2).path("problem").path("detail").asString()).contains("fileName is needed");
        assertThat(id(uploads.get(3).path("upload")))
                .isEqualTo(id(uploads.get(0).path("upload")));
        assertThat(uploads.get(4).path("problem").path("status").asInt()).isEqualTo(409);
    }
}
