package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.Sha256;
import dev.safelight.testing.AtOnce;
import dev.safelight.testing.CutProxy.Script;
import dev.safelight.testing.PartedUpload;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.Reply;
import dev.safelight.testing.ServerBehindProxy;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What can go wrong with an upload in parts, by the client, by its network and by several at once.
@ExtendWith(ShowServerLog.class)
class UploadPartsIT {
    private static final int PART = 5 << 20;
    /// Bytes in a second, so that a part takes longer than any buffer can hide.
    private static final int SLOW = PART / 10;

    private static final byte[] FILE = Pictures.heavyJpeg(2 * PART + 12_345, 7);
    private static ServerBehindProxy server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = ServerBehindProxy.serve(folder.resolve("data"), Map.of("SAFELIGHT_UPLOAD_PARTSIZE", "5MB"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void repairTheNetwork() {
        server.proxy().always(Script.FAITHFUL);
    }

    /// With the promise of a SHA-256: what becomes READY holds exactly the bytes of the file.
    private static PartedUpload begin() {
        return PartedUpload.begin(
                server.admin(),
                UploadOrder.jpeg("large.jpg", FILE.length)
                        .with("sha256", HexFormat.of().formatHex(Sha256.digest().digest(FILE))),
                FILE);
    }

    private static void becomesReady(PartedUpload upload) {
        upload.complete().expect(202);
        assertThat(upload.awaitEnd().path("status").asString()).isEqualTo("READY");
    }

    @Test
    void takesPartsInAnyOrder() {
        PartedUpload upload = begin();
        List.of(3, 1, 2).forEach(number -> upload.send(number).expect(200));

        becomesReady(upload);
        assertThat(server.admin().asset(upload.assetId()).path("originalBytes").asInt())
                .isEqualTo(FILE.length);
    }

    @Test
    void keepsTheLastOfAPartThatIsSentAgain() {
        PartedUpload upload = begin().sendAll();
        byte[] noise = new byte[PART];
        upload.send(upload.url(2), noise).expect(200);
        upload.send(2).expect(200);

        becomesReady(upload);
    }

    @Test
    void namesThePartsThatAreMissing() {
        PartedUpload upload = begin();
        assertThat(upload.complete().expectProblem(409).detail())
                .contains("part 1 is missing", "part 2 is missing", "part 3 is missing");
        upload.send(1).expect(200);
        upload.send(3).expect(200);

        Reply early = upload.complete().expectProblem(409);
        assertThat(early.json().path("reason").asString()).isEqualTo("parts-missing");
        assertThat(early.detail()).contains("part 2 is missing").doesNotContain("part 1 ", "part 3 ");
        upload.send(2).expect(200);
        becomesReady(upload);
    }

    @Test
    void refusesPartsOfAnotherSize() {
        PartedUpload upload = begin();
        upload.send(2).expect(200);
        for (int size : List.of(PART - 1, PART + 1, 0, 6 << 20)) {
            refusesPart(upload, 1, size);
            refusesPart(upload, 2, size);
        }

        assertThat(upload.stored()).containsExactly(2);
        upload.send(1).expect(200);
        upload.send(3).expect(200);
        becomesReady(upload);
    }

    private static void refusesPart(PartedUpload upload, int number, int size) {
        URI url = upload.url(number);
        try {
            assertThat(upload.send(url, new byte[size]).status())
                    .as("part %d of %d bytes", number, size)
                    .isBetween(400, 499);
        } catch (UncheckedIOException hungUp) {
            // The store does not wait for megabytes that it will not take, and not every client reads why.
            assertThat(size).isGreaterThan(PART / 2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 4, 10_000, 10_001, Integer.MAX_VALUE})
    void signsNoPartThatTheUploadDoesNotHave(int number) {
        assertThat(begin().sign(number).expectProblem(400).detail()).contains("parts 1 to 3");
    }

    @Test
    void signsAtMostAHundredPartsAtOnce() {
        PartedUpload upload = begin();
        upload.sign(IntStream.range(0, 101).mapToObj(one -> 1).toArray(Integer[]::new))
                .expectProblem(400);
        upload.sign().expectProblem(400);
        server.admin()
                .post(upload.path() + "/parts", "{\"partNumbers\":[null]}")
                .expectProblem(400);
        server.admin()
                .post(upload.path() + "/parts", "{\"partNumbers\":[\"x\"]}")
                .expectProblem(400);
        server.admin().post(upload.path() + "/parts", "{}").expectProblem(400);
    }

    @ParameterizedTest
    @CsvSource({
        "partNumber=1, partNumber=2",
        "partNumber=1, partNumber=10001",
        "uploadId=., uploadId=x",
        "X-Amz-Expires=\\d+, X-Amz-Expires=604800",
        "X-Amz-Date=\\d{4}, X-Amz-Date=2099",
        "X-Amz-Signature=.{8}, X-Amz-Signature=00000000",
        "X-Amz-Signature=[0-9a-f]+, X-Amz-Signature=",
        "large.jpg, other.jpg",
        "/raw/raw/, /processed/raw/",
        "X-Amz-SignedHeaders=[^&]+, X-Amz-SignedHeaders=host"
    })
    void refusesChangedAddresses(String found, String changed) {
        PartedUpload upload = begin();
        String url = upload.url(1).toString();
        String tampered = url.replaceFirst(found, changed);
        assertThat(tampered).isNotEqualTo(url);

        // Short, so that the answer is read before the connection is closed.
        Reply refused = upload.send(URI.create(tampered), new byte[1000]);

        assertThat(refused.status()).as(refused.text()).isIn(400, 403, 404);
        assertThat(upload.stored()).isEmpty();
    }

    @Test
    void joinsOnceHoweverOftenAndByHowManyItIsAsked() {
        long objects = server.filesIn("raw");
        int versions = count("select count(*) from asset_version");
        PartedUpload upload = begin().sendAll();

        List<Integer> statuses = AtOnce.run(8, client -> upload.complete().status());

        assertThat(statuses).containsOnly(202);
        assertThat(upload.awaitEnd().path("status").asString()).isEqualTo("READY");
        upload.complete().expect(202);
        assertThat(upload.state().path("status").asString()).isEqualTo("READY");
        assertThat(upload.state().path("receivedBytes").asInt()).isEqualTo(FILE.length);
        assertThat(server.filesIn("raw")).isEqualTo(objects + 1);
        assertThat(count("select count(*) from asset_version")).isEqualTo(versions + 1);
        assertThat(count(
                        "select count(*) from job_run where kind = 'process' and instance = ?",
                        upload.assetId() + "/v1"))
                .isEqualTo(1);
    }

    private static int count(String sql, Object... parameters) {
        return server.server()
                .database()
                .sql()
                .sql(sql)
                .params(parameters)
                .query(Integer.class)
                .single();
    }

    @Test
    void endsEitherWholeOrAbortedWhenBothAreAskedAtOnce() {
        for (int round = 0; round < 6; round++) {
            PartedUpload upload = begin().sendAll();
            List<Integer> statuses =
                    AtOnce.run(2, client -> (client == 0 ? upload.complete() : upload.abort()).status());
            String end = upload.awaitEnd().path("status").asString();
            assertThat(statuses).as(end).isSubsetOf(202, 204, 409);
            if (statuses.contains(204)) {
                assertThat(upload.state().path("reason").asString()).isEqualTo("upload-aborted");
            } else {
                assertThat(end).isEqualTo("READY");
            }
        }
    }

    @Test
    void doesNotAbortWhatHasArrived() {
        PartedUpload upload = begin().sendAll();
        upload.complete().expect(202);

        upload.abort().expectProblem(409);

        assertThat(upload.awaitEnd().path("status").asString()).isEqualTo("READY");
        upload.abort().expectProblem(409);
    }

    @Test
    void forgetsThePartsOfWhatWasAborted() {
        long before = server.filesIn("parts");
        PartedUpload upload = begin();
        URI late = upload.url(3);
        upload.send(1).expect(200);
        assertThat(server.filesIn("parts")).isGreaterThan(before);

        upload.abort().expect(204);
        upload.abort().expect(204);

        assertThat(upload.send(late, upload.bytes(3)).status()).isEqualTo(404);
        assertThat(upload.complete().expectProblem(409).json().path("reason").asString())
                .isEqualTo("upload-aborted");
        upload.sign(1).expectProblem(409);
        assertThat(upload.stored()).isEmpty();
        assertThat(upload.state().path("receivedBytes").asInt()).isZero();
        assertThat(server.filesIn("parts")).isEqualTo(before);
    }

    @Test
    void showsUploadsOfOthersLikeThoseThatDoNotExist() {
        PartedUpload upload = begin();
        String token = server.admin()
                .post("/v1/keys", "{\"name\":\"other\",\"roles\":[\"uploader\"]}")
                .expect(201)
                .json()
                .path("token")
                .asString();
        var other = server.admin().withAuthorization("Bearer " + token);
        String unknown = UUID.randomUUID().toString();

        for (String path : List.of("", "/parts", "/complete")) {
            for (String method : path.isEmpty() ? List.of("GET", "DELETE") : List.of("POST")) {
                Reply foreign =
                        other.send(method, upload.path() + path, json(path), "Content-Type", "application/json");
                Reply absent = other.send(
                        method, "/v1/uploads/" + unknown + path, json(path), "Content-Type", "application/json");
                foreign.expectProblem(404);
                assertThat(foreign.text().replace(upload.id(), "ID"))
                        .isEqualTo(absent.text().replace(unknown, "ID"));
            }
        }
        assertThat(upload.state().path("status").asString()).isEqualTo("PENDING");
    }

    private static BodyPublisher json(String path) {
        return BodyPublishers.ofString(path.equals("/parts") ? "{\"partNumbers\":[1]}" : "");
    }

    @Test
    void goesOnAfterTheNetworkWasCutInMidPart() {
        PartedUpload upload = begin();
        upload.send(1).expect(200);
        for (Script script : List.of(Script.cutAfter(2_000_000), Script.resetAfter(3_000_000))) {
            // A new client, since an old one may have a connection that was set up before.
            PartedUpload resumed = new PartedUpload(server.server().admin(), upload.upload(), FILE);
            URI url = upload.url(2);
            server.proxy().plan(script);
            assertThatThrownBy(() -> resumed.send(url, upload.bytes(2))).isInstanceOf(UncheckedIOException.class);
            assertThat(upload.stored()).containsExactly(1);
        }

        PartedUpload resumed = new PartedUpload(server.server().admin(), upload.upload(), FILE);
        resumed.send(2).expect(200);
        resumed.send(3).expect(200);
        becomesReady(resumed);
        await().atMost(Duration.ofSeconds(20)).until(() -> server.filesIn("staging") == 0);
    }

    @Test
    void resumesWithThePartsOfAClientThatWasKilled() {
        String key = UUID.randomUUID().toString();
        UploadOrder order = UploadOrder.jpeg("large.jpg", FILE.length).with("idempotencyKey", key);
        PartedUpload.begin(server.admin(), order, FILE).send(2).expect(200);

        var again = server.admin()
                .post("/v1/uploads", order.with("method", "multipart").json())
                .expect(200)
                .json();
        PartedUpload resumed = new PartedUpload(server.admin(), again, FILE);

        assertThat(resumed.stored()).containsExactly(2);
        assertThat(resumed.state().path("receivedBytes").asInt()).isEqualTo(PART);
        resumed.send(1).expect(200);
        resumed.send(3).expect(200);
        becomesReady(resumed);
    }

    @Test
    void takesPartsOverASlowNetwork() {
        PartedUpload upload = begin();
        upload.send(1).expect(200);
        upload.send(3).expect(200);
        PartedUpload slow = new PartedUpload(server.server().admin(), upload.upload(), FILE);
        URI url = upload.url(2);
        server.proxy().plan(Script.throttled(SLOW));

        slow.send(url, upload.bytes(2)).expect(200);

        becomesReady(upload);
    }
}
