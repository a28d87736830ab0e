package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Reply;
import dev.safelight.testing.SharedServer;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.math.BigInteger;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that must be refused: with the right status, and a sentence that says what was wrong.
@ExtendWith({ShowServerLog.class, SharedServer.class})
class BadRequestIT {
    private static final UploadOrder GOOD = UploadOrder.jpeg("a.jpg", 1000);

    private final ApiUser admin;

    BadRequestIT(ApiUser admin) {
        this.admin = admin;
    }

    static Stream<Arguments> orders() {
        return Stream.of(
                argumentSet("no name", GOOD.without("fileName"), 400, "fileName"),
                argumentSet("null name", GOOD.with("fileName", null), 400, "fileName"),
                argumentSet("empty name", GOOD.with("fileName", ""), 400, "fileName"),
                argumentSet("name with a slash", GOOD.with("fileName", "../a.jpg"), 400, "fileName"),
                argumentSet("name with a backslash", GOOD.with("fileName", "..\\a.jpg"), 400, "fileName"),
                argumentSet("name with a line end", GOOD.with("fileName", "a\r\nX: y.jpg"), 400, "fileName"),
                argumentSet("name with a null", GOOD.with("fileName", "a\0.jpg"), 400, "fileName"),
                argumentSet("name with a C1 control", GOOD.with("fileName", "a\u0085.jpg"), 400, "fileName"),
                argumentSet("300 bytes of name", GOOD.with("fileName", "a".repeat(296) + ".jpg"), 400, "255"),
                argumentSet("name as a number", GOOD.with("fileName", List.of("a.jpg")), 400, "fileName"),
                argumentSet("no type", GOOD.without("contentType"), 400, "contentType"),
                argumentSet("long type", GOOD.with("contentType", "image/" + "j".repeat(200)), 400, "127"),
                argumentSet("type as an object", GOOD.with("contentType", Map.of()), 400, "contentType"),
                argumentSet("type that is none", GOOD.with("contentType", "jpeg"), 415, "image/jpeg"),
                argumentSet("type not allowed", GOOD.with("contentType", "text/html"), 415, "image/jpeg"),
                argumentSet("type with a line end", GOOD.with("contentType", "image/jpeg\r\nX: y"), 415, "image/jpeg"),
                argumentSet("type against the name", GOOD.with("contentType", "image/png"), 400, "a.jpg"),
                argumentSet("no size of a PUT", GOOD.without("size").with("method", "put"), 400, "size"),
                argumentSet("size 0", GOOD.with("size", 0), 400, "empty"),
                argumentSet("size below 0", GOOD.with("size", -1), 400, "size"),
                argumentSet("size above the policy", GOOD.with("size", 200L << 20), 413, "takes at most"),
                argumentSet("size above a long", GOOD.with("size", new BigInteger("9".repeat(30))), 400, "number"),
                argumentSet("size as a word", GOOD.with("size", "many"), 400, "size"),
                argumentSet("size with a fraction", GOOD.with("size", 10.5), 400, "size"),
                argumentSet("size as a list", GOOD.with("size", List.of(1)), 400, "size"),
                argumentSet("unknown space", GOOD.with("space", "attic"), 400, "product, user, marketing"),
                argumentSet("empty space", GOOD.with("space", ""), 400, "product, user, marketing"),
                argumentSet("short checksum", GOOD.with("sha256", "abc"), 400, "sha256"),
                argumentSet("checksum of other letters", GOOD.with("sha256", "g".repeat(64)), 400, "sha256"),
                argumentSet("metadata as a word", GOOD.with("metadata", "alt"), 400, "metadata"),
                argumentSet("metadata of lists", GOOD.with("metadata", Map.of("a", List.of())), 400, "metadata"),
                argumentSet("long metadata", GOOD.with("metadata", Map.of("a", "b".repeat(2000))), 400, "1024"),
                argumentSet("metadata with a null", GOOD.with("metadata", Map.of("a", "b\0")), 400, "metadata"),
                argumentSet("empty idempotency key", GOOD.with("idempotencyKey", ""), 400, "idempotencyKey"),
                argumentSet("null in the idempotency key", GOOD.with("idempotencyKey", "a\0"), 400, "idempotencyKey"),
                argumentSet("unknown field", GOOD.with("colour", "red"), 400, "colour"));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void refusesUploadsThatCannotBe(UploadOrder order, int status, String named) {
        assertThat(admin.post("/v1/uploads", order.json()).expectProblem(status).detail())
                .contains(named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"text\"",
                "17",
                "{",
                "{\"fileName\":}",
                "{\"fileName\":\"a.jpg\"",
                "not json",
                "{\"fileName\":\"half\\ud83d.jpg\",\"contentType\":\"image/jpeg\",\"size\":1}",
                "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":1} trailing"
            })
    void refusesBodiesThatAreNoUpload(String body) {
        admin.post("/v1/uploads", body).expectProblem(400);
    }

    @Test
    void refusesDeepAndLargeBodies() {
        String deep = "{\"metadata\":" + "[".repeat(5000) + "]".repeat(5000) + "}";
        admin.post("/v1/uploads", deep).expectProblem(400);
        String long_ = "{\"fileName\":\"" + "a".repeat(1 << 20) + "\"}";
        assertThat(admin.post("/v1/uploads", long_).status()).isIn(400, 413);
        byte[] latin1 = "{\"fileName\":\"\u00fc.jpg\"}".getBytes(StandardCharsets.ISO_8859_1);
        admin.send("POST", "/v1/uploads", BodyPublishers.ofByteArray(latin1), "Content-Type", "application/json")
                .expectProblem(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/xml",
                "multipart/form-data",
                "application/x-www-form-urlencoded",
                "nonsense"
            })
    void refusesOtherContentTypes(String type) {
        Reply refused = admin.post("/v1/uploads", GOOD.json(), "Content-Type", type);
        assertThat(refused.status()).as(refused.text()).isIn(400, 415);
        refused.expectProblem(refused.status());
    }

    @Test
    void refusesIdempotencyKeysThatAreTooLongOrBlank() {
        admin.post("/v1/uploads", GOOD.json(), "Idempotency-Key", "k".repeat(129))
                .expectProblem(400);
        admin.post("/v1/uploads", GOOD.json(), "Idempotency-Key", " ").expectProblem(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "00000000-0000-7000-8000-000000000000", "%00", "1", "..%2f..", "' or 1=1--"})
    void knowsNoOtherUploadsAndAssets(String id) {
        String encoded = id.replace(" ", "%20").replace("'", "%27");
        for (String path : List.of("/v1/uploads/", "/v1/assets/")) {
            Reply unknown = admin.get(path + encoded);
            assertThat(unknown.status()).as(path + encoded).isIn(400, 404);
            unknown.expectProblem(unknown.status());
        }
    }

    @Test
    void namesWhatItDoesNotKnow() {
        String id = UUID.randomUUID().toString();
        assertThat(admin.get("/v1/uploads/" + id).expectProblem(404).detail()).contains(id);
        admin.get("/v1/assets/" + id).expectProblem(404);
        admin.post("/v1/uploads/" + id + "/complete", "").expectProblem(404);
        admin.post("/v1/assets/" + id + "/moderation", "{\"status\":\"approved\"}")
                .expectProblem(404);
        admin.get("/v1/assets/" + id + "/srcset").expectProblem(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/unknown", "/v2/uploads", "/v1/uploads/a/b/c", "/actuator/env", "/actuator/heapdump"})
    void knowsNoOtherPaths(String path) {
        admin.get(path).expectProblem(404);
    }

    @Test
    void refusesOtherMethods() {
        assertThat(admin.send("DELETE", "/v1/uploads", BodyPublishers.noBody())
                        .expectProblem(405)
                        .header("Allow"))
                .contains("POST");
        admin.send("PUT", "/v1/assets", BodyPublishers.ofString("{}"), "Content-Type", "application/json")
                .expectProblem(405);
        assertThat(admin.send("TRACE", "/v1/assets", BodyPublishers.noBody()).status())
                .isIn(400, 403, 405);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=201",
                "limit=-1",
                "limit=many",
                "space=attic",
                "status=DONE",
                "cursor=nonsense",
                "cursor=",
                "colour=red",
                "limit=1&limit=2",
                "cursor=%00",
                "status=%ff"
            })
    void refusesListsOfUnknownForm(String query) {
        admin.get("/v1/assets?" + query).expectProblem(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"status\":null}", "{\"status\":\"maybe\"}", "{\"status\":1}", "{\"state\":\"approved\"}"
            })
    void refusesDecisionsThatAreNone(String body) {
        String id = UUID.randomUUID().toString();
        assertThat(admin.post("/v1/assets/" + id + "/moderation", body).status())
                .isEqualTo(400);
    }
}
