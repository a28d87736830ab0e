package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.AtOnce;
import dev.safelight.testing.FormBody;
import dev.safelight.testing.Grant;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.Reply;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.SharedServer;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.Torrent;
import dev.safelight.testing.UploadOrder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// A grant is worth what was granted and no more, whatever its holder makes of it.
@ExtendWith({ShowServerLog.class, SharedServer.class})
class UploadAbuseIT {
    private static final int GRANTED = 5_000_000;
    private static final long ANNOUNCED = 5L << 30;

    /// What may be under way in buffers before a refusal reaches the sender.
    private static final long SOON = 64L << 20;

    private final byte[] picture = Pictures.jpeg(80, 60);
    private final ApiUser admin;
    private final SafelightProcess server;

    UploadAbuseIT(ApiUser admin, SafelightProcess server) {
        this.admin = admin;
        this.server = server;
    }

    private JsonNode grantPut(int size) {
        return admin.post(
                        "/v1/uploads",
                        UploadOrder.jpeg("put.jpg", size).with("method", "put").json())
                .expect(201)
                .json();
    }

    private static String url(JsonNode upload) {
        return upload.path("grant").path("url").asString();
    }

    private Reply put(String url, byte[] bytes, String type) {
        return admin.send("PUT", url, BodyPublishers.ofByteArray(bytes), "Content-Type", type, "If-None-Match", "*");
    }

    private void isStillPending(JsonNode upload) {
        JsonNode now = admin.get("/v1/uploads/" + upload.path("uploadId").asString())
                .expect(200)
                .json();
        assertThat(now.path("status").asString()).isEqualTo("PENDING");
    }

    private long staged() throws IOException {
        Path objects = server.data().resolve("store").resolve("objects");
        try (var tree = Files.walk(objects.resolve("staging"))) {
            return tree.filter(Files::isRegularFile).count();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "put.jpg, other.jpg",
        "/raw/raw/, /processed/raw/",
        "X-Amz-Expires=\\d+, X-Amz-Expires=604800",
        "X-Amz-Date=\\d{4}, X-Amz-Date=2099",
        "X-Amz-Signature=.{8}, X-Amz-Signature=00000000",
        "X-Amz-Signature=[0-9a-f]+, X-Amz-Signature=",
        "X-Amz-SignedHeaders=[^&]+, X-Amz-SignedHeaders=host",
        "X-Amz-Credential=[^%]+, X-Amz-Credential=nobody"
    })
    void refusesAPutToAChangedAddress(String found, String changed) {
        JsonNode upload = grantPut(picture.length);
        String tampered = url(upload).replaceFirst(found, changed);
        assertThat(tampered).isNotEqualTo(url(upload));

        Reply refused = put(tampered, picture, "image/jpeg");

        assertThat(refused.status()).as(refused.text()).isIn(400, 403, 404);
        isStillPending(upload);
    }

    @Test
    void refusesAPutOfAnotherTypeOrSizeAndTakesItOnce() {
        JsonNode upload = grantPut(picture.length);
        for (Reply refused : List.of(
                put(url(upload), picture, "text/html"),
                put(url(upload), picture, "image/jpeg; charset=utf-8"),
                put(url(upload), Arrays.copyOf(picture, picture.length + 1), "image/jpeg"),
                put(url(upload), Arrays.copyOf(picture, picture.length - 1), "image/jpeg"),
                put(url(upload), new byte[0], "image/jpeg"))) {
            assertThat(refused.status()).as(refused.text()).isIn(400, 403, 411);
            isStillPending(upload);
        }

        put(url(upload), picture, "image/jpeg").expect(200);
        byte[] other = picture.clone();
        other[other.length - 3] ^= 1;
        assertThat(put(url(upload), other, "image/jpeg").status()).isEqualTo(412);
        assertThat(admin.awaitEnd(Grant.of(upload)).path("status").asString()).isEqualTo("READY");
    }

    @Test
    void cutsAFormOffThatPoursMoreThanGranted() throws Exception {
        Grant grant = admin.grant(UploadOrder.jpeg("flood.jpg", GRANTED));
        byte[] head = formHead(grant);

        Torrent.End announced = Torrent.announced(
                grant.url(), "POST", FormBody.of(Map.of(), new byte[0]).contentType(), head, ANNOUNCED);
        Torrent.End chunked = Torrent.chunked(
                grant.url(), "POST", FormBody.of(Map.of(), new byte[0]).contentType(), head, ANNOUNCED);

        assertThat(announced.sent()).isLessThan(SOON);
        assertThat(announced.status()).isIn(0, 400, 413);
        assertThat(chunked.sent()).isLessThan(SOON);
        assertThat(chunked.status()).isIn(0, 400, 413);
        assertThat(staged()).isZero();
    }

    private static byte[] formHead(Grant grant) {
        byte[] whole = FormBody.of(grant.fields(), new byte[0]).bytes();
        String text = new String(whole, StandardCharsets.UTF_8);
        return text.substring(0, text.lastIndexOf("\r\n--")).getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "multipart"})
    void cutsAPutOffThatPoursMoreThanGranted(String method) throws Exception {
        JsonNode upload = admin.post(
                        "/v1/uploads",
                        UploadOrder.jpeg("flood.jpg", GRANTED)
                                .with("method", method)
                                .json())
                .expect(201)
                .json();
        JsonNode grant = upload.path("grant");
        URI url = URI.create((grant.has("url") ? grant : grant.path("parts").get(0))
                .path("url")
                .asString());

        for (Torrent.End end : List.of(
                Torrent.announced(url, "PUT", "image/jpeg", new byte[0], ANNOUNCED),
                Torrent.chunked(url, "PUT", "image/jpeg", new byte[0], ANNOUNCED))) {
            assertThat(end.sent()).isLessThan(SOON);
            assertThat(end.status()).isIn(0, 400, 403, 411, 413);
        }

        assertThat(staged()).isZero();
        isStillPending(upload);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../../../etc/passwd.jpg", "..\\..\\boot.jpg", "/etc/passwd.jpg", "a\u0000.jpg", "a\n.jpg", ""})
    void refusesNamesThatAreNone(String name) {
        assertThat(admin.post("/v1/uploads", UploadOrder.jpeg(name, 10).json())
                        .expectProblem(400)
                        .detail())
                .contains("fileName");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..%2f..%2fetc.jpg", "....jpg", ".mpus-x.jpg", "写真 ü.jpg", "x?y=1#z&.jpg"})
    void escapesNamesInKeysAndKeepsThemForPeople(String name) {
        JsonNode upload = admin.post(
                        "/v1/uploads",
                        UploadOrder.jpeg(name, picture.length)
                                .with("metadata", Map.of("alt", "Füße — 足"))
                                .json())
                .expect(201)
                .json();
        Grant grant = Grant.of(upload);

        assertThat(upload.path("fileName").asString()).isEqualTo(name);
        assertThat(grant.fields().get("key"))
                .matches("raw/\\d{4}/\\d{2}/" + grant.uploadId() + "/[A-Za-z0-9_][A-Za-z0-9._-]*");
        admin.sendForm(grant, picture).expect(201);
        assertThat(admin.awaitEnd(grant).path("status").asString()).isEqualTo("READY");
        JsonNode asset = admin.asset(grant.assetId());
        assertThat(asset.path("metadata").path("alt").asString()).isEqualTo("Füße — 足");
    }

    @Test
    void refusesNamesOf300Characters() {
        admin.post("/v1/uploads", UploadOrder.jpeg("a".repeat(296) + ".jpg", 10).json())
                .expectProblem(400);
        admin.post("/v1/uploads", UploadOrder.jpeg("ü".repeat(251) + ".jpg", 10).json())
                .expect(201);
    }

    @Test
    void givesOneUploadToTwentyClientsWithOneIdempotencyKey() {
        String key = UUID.randomUUID().toString();
        String order = UploadOrder.jpeg("once.jpg", picture.length).json();

        List<Reply> replies = AtOnce.run(20, client -> admin.post("/v1/uploads", order, "Idempotency-Key", key));

        assertThat(replies).extracting(Reply::status).isSubsetOf(200, 201).containsOnlyOnce(201);
        assertThat(replies.stream()
                        .map(reply -> reply.json().path("uploadId").asString())
                        .collect(Collectors.toSet()))
                .hasSize(1);
    }

    @Test
    void givesTheNewVersionsOfManyClientsNumbersOfTheirOwn() {
        String asset = admin.upload(UploadOrder.jpeg("first.jpg", picture.length), picture)
                .path("id")
                .asString();

        List<JsonNode> uploads = AtOnce.run(
                10,
                client -> admin.post(
                                "/v1/uploads",
                                UploadOrder.jpeg("next.jpg", picture.length)
                                        .with("assetId", asset)
                                        .json())
                        .expect(201)
                        .json());
        Collections.shuffle(uploads);
        AtOnce.run(
                10,
                client -> admin.sendForm(Grant.of(uploads.get(client)), picture).expect(201));
        uploads.forEach(upload -> assertThat(
                        admin.awaitEnd(Grant.of(upload)).path("status").asString())
                .isEqualTo("READY"));

        assertThat(uploads)
                .extracting(upload -> upload.path("version").asInt())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(2, 11).boxed().toList());
        assertThat(admin.asset(asset).path("version").asInt()).isEqualTo(11);
    }

    @Test
    void answersABatchInOrderAndBounded() {
        String key = UUID.randomUUID().toString();
        String good = UploadOrder.jpeg("a.jpg", 10).with("idempotencyKey", key).json();
        List<String> requests = List.of(
                good,
                UploadOrder.jpeg("../a.jpg", 10).json(),
                "null",
                UploadOrder.of("a.exe", "application/x-dosexec", 10).json(),
                good,
                UploadOrder.jpeg("b.jpg", 20).json());

        JsonNode answers = admin.post("/v1/uploads/batch", "{\"uploads\":" + requests + "}")
                .expect(200)
                .json()
                .path("uploads");

        assertThat(IntStream.range(0, 6).mapToObj(i -> answers.get(i).has("upload")))
                .containsExactly(true, false, false, false, true, true);
        assertThat(answers.get(4).path("upload").path("uploadId"))
                .isEqualTo(answers.get(0).path("upload").path("uploadId"));
        assertThat(answers.get(1).path("problem").path("status").asInt()).isEqualTo(400);
        assertThat(answers.get(3).path("problem").path("status").asInt()).isEqualTo(415);
        String many =
                Collections.nCopies(101, UploadOrder.jpeg("a.jpg", 10).json()).toString();
        assertThat(admin.post("/v1/uploads/batch", "{\"uploads\":" + many + "}")
                        .expectProblem(400)
                        .detail())
                .contains("1 to 100");
        for (String none : List.of("{}", "{\"uploads\":[]}", "{\"uploads\":null}", "{\"uploads\":7}", "[]")) {
            admin.post("/v1/uploads/batch", none).expectProblem(400);
        }
    }

    @Test
    void tellsHowManyUploadsStandAndLeavesOutWhatOneCannotSee() {
        Grant one = admin.grant(UploadOrder.jpeg("one.jpg", 10));
        Grant two = admin.grant(UploadOrder.jpeg("two.jpg", 10));
        String ids = String.join(",", two.uploadId(), UUID.randomUUID().toString(), one.uploadId());

        JsonNode found = admin.get("/v1/uploads?ids=" + ids).expect(200).json().path("uploads");

        assertThat(found.findValuesAsString("uploadId")).containsExactly(two.uploadId(), one.uploadId());
        admin.get("/v1/uploads").expectProblem(400);
        admin.get("/v1/uploads?ids=" + String.join(",", Collections.nCopies(101, one.uploadId())))
                .expectProblem(400);
        String token = admin.post("/v1/keys", "{\"name\":\"other\",\"roles\":[\"uploader\"]}")
                .expect(201)
                .json()
                .path("token")
                .asString();
        assertThat(admin.withAuthorization("Bearer " + token)
                        .get("/v1/uploads?ids=" + one.uploadId())
                        .expect(200)
                        .json()
                        .path("uploads")
                        .isEmpty())
                .isTrue();
    }
}
