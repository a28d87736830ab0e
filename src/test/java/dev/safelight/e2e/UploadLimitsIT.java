package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.AtOnce;
import dev.safelight.testing.CutProxy.Script;
import dev.safelight.testing.FormBody;
import dev.safelight.testing.Grant;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.Reply;
import dev.safelight.testing.ServerBehindProxy;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What a key may use up, what one upload may be where its size is unknown, and that nobody gets more by being quick.
@ExtendWith(ShowServerLog.class)
class UploadLimitsIT {
    private static final int QUOTA = 1 << 20;
    private static final int MOST = 200 << 10;
    private static final int OPEN = 60;
    private static ServerBehindProxy server;
    private ApiUser user;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = ServerBehindProxy.serve(
                folder.resolve("data"),
                Map.of(
                        "SAFELIGHT_UPLOAD_POLICIES_USER_QUOTA",
                        QUOTA + "B",
                        "SAFELIGHT_UPLOAD_POLICIES_USER_MAXBYTES",
                        MOST + "B",
                        "SAFELIGHT_UPLOAD_POLICIES_PRODUCT_DEDUPLICATE",
                        "true",
                        "SAFELIGHT_UPLOAD_MAXOPEN",
                        String.valueOf(OPEN),
                        "SAFELIGHT_UPLOAD_RECONCILEAFTER",
                        "1s",
                        "SAFELIGHT_UPLOAD_RECONCILEPAUSE",
                        "1s",
                        "SAFELIGHT_UPLOAD_LATENESS",
                        "0s"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /// Limits are counted by key, so each test has its own.
    @BeforeEach
    void useANewKey() {
        user = newKey("");
    }

    private static ApiUser newKey(String limits) {
        String token = server.admin()
                .post("/v1/keys", "{\"name\":\"limited\",\"roles\":[\"uploader\"]" + limits + "}")
                .expect(201)
                .json()
                .path("token")
                .asString();
        return server.admin().withAuthorization("Bearer " + token);
    }

    private Reply ask(long size) {
        return user.post("/v1/uploads", order(size).json());
    }

    private static UploadOrder order(long size) {
        return UploadOrder.jpeg("a.jpg", size).with("space", "user");
    }

    @Test
    void grantsNotAByteMoreThanTheQuotaToFiftyClients() {
        int size = 30_000;
        List<Reply> replies = AtOnce.run(50, client -> ask(size));

        long granted = replies.stream().filter(reply -> reply.status() == 201).count();
        assertThat(granted).isEqualTo(QUOTA / size);
        replies.stream().filter(reply -> reply.status() != 201).forEach(refused -> {
            refused.expectProblem(403);
            assertThat(refused.json().path("reason").asString()).isEqualTo("limit-reached");
        });
        long left = QUOTA - granted * size;
        ask(left + 1).expectProblem(403);
        ask(left).expect(201);
        assertThat(ask(1).expectProblem(403).detail()).contains(QUOTA + " of its " + QUOTA + " bytes");
    }

    @Test
    void countsAnUploadAgainThatIsOpenedAgain() {
        String key = UUID.randomUUID().toString();
        String order = order(MOST).with("idempotencyKey", key).json();
        Grant first = Grant.of(user.post("/v1/uploads", order).expect(201).json());
        for (int i = 1; i < QUOTA / MOST; i++) {
            ask(MOST).expect(201);
        }
        expire(first);
        ask(MOST).expect(201);

        user.post("/v1/uploads", order).expectProblem(403);

        assertThat(user.get("/v1/uploads/" + first.uploadId())
                        .json()
                        .path("reason")
                        .asString())
                .isEqualTo("upload-expired");
    }

    private void expire(Grant grant) {
        server.server().database().sql().sql("""
                update upload set expires_at = now() - interval '1 minute', created_at = now() - interval '1 hour'
                where id = cast(? as uuid)
                """).param(grant.uploadId()).update();
        assertThat(user.awaitEnd(grant).path("reason").asString()).isEqualTo("upload-expired");
    }

    @Test
    void countsWhatWasRefusedSinceTheStoreKeepsIt() {
        for (int i = 0; i < QUOTA / MOST; i++) {
            Grant grant = Grant.of(ask(MOST).expect(201).json());
            user.sendForm(grant, new byte[MOST]).expect(201);
            assertThat(user.awaitEnd(grant).path("status").asString()).isEqualTo("REJECTED");
        }

        ask(MOST).expectProblem(403);
    }

    @Test
    void countsAnAbortedGrantAsLongAsItCanStillBeUsed() {
        for (int i = 0; i < QUOTA / MOST; i++) {
            abort(Grant.of(ask(MOST).expect(201).json()).uploadId());
        }

        ask(MOST).expectProblem(403);
    }

    @Test
    void givesBackAtOnceWhatWasAbortedInParts() {
        String order = order(MOST).with("method", "multipart").json();
        for (int i = 0; i < 2 * QUOTA / MOST; i++) {
            abort(user.post("/v1/uploads", order)
                    .expect(201)
                    .json()
                    .path("uploadId")
                    .asString());
        }
    }

    private void abort(String upload) {
        user.send("DELETE", "/v1/uploads/" + upload, HttpRequest.BodyPublishers.noBody())
                .expect(204);
    }

    @Test
    void limitsGrantsThatAreOpenAtATime() {
        Grant last = Grant.of(ask(1).expect(201).json());
        for (int i = 1; i < OPEN; i++) {
            ask(1).expect(201);
        }

        Reply refused = ask(1).expectProblem(429);

        assertThat(refused.json().path("reason").asString()).isEqualTo("limit-reached");
        user.send("DELETE", "/v1/uploads/" + last.uploadId(), HttpRequest.BodyPublishers.noBody())
                .expect(204);
        ask(1).expect(201);
    }

    @Test
    void limitsGrantsInAMinute() {
        ApiUser slow = newKey(",\"limits\":{\"grantsPerMinute\":1}");
        String order = order(1).json();
        slow.post("/v1/uploads", order).expect(201);

        Reply refused = slow.post("/v1/uploads", order).expectProblem(429);

        assertThat(refused.json().path("reason").asString()).isEqualTo("limit-reached");
        assertThat(refused.json().path("retryAfter").asInt()).isBetween(1, 60);
        assertThat(refused.header("Retry-After"))
                .isEqualTo(refused.json().path("retryAfter").asString());
        assertThat(ask(1).status()).as("another key").isEqualTo(201);
    }

    @Test
    void bindsAFormOfUnknownSizeToTheLargestAllowed() {
        byte[] picture = Pictures.heavyJpeg(MOST, 3);
        JsonNode upload = user.post("/v1/uploads", order(1).without("size").json())
                .expect(201)
                .json();
        Grant grant = Grant.of(upload);
        assertThat(upload.path("size").isMissingNode()).isTrue();
        assertThat(user.sendForm(grant, new byte[MOST + 1]).status()).isEqualTo(400);
        assertThat(user.sendForm(grant, new byte[0]).status()).isEqualTo(400);

        user.sendForm(grant, Arrays.copyOf(picture, MOST)).expect(201);

        JsonNode end = user.awaitEnd(grant);
        assertThat(end.path("status").asString()).isEqualTo("READY");
        assertThat(end.path("size").asInt()).isEqualTo(MOST);
        for (String method : List.of("put", "multipart")) {
            assertThat(user.post(
                                    "/v1/uploads",
                                    order(1).without("size")
                                            .with("method", method)
                                            .json())
                            .expectProblem(400)
                            .detail())
                    .contains("size");
        }
    }

    @Test
    void countsTheTrueSizeOnceItIsKnown() {
        byte[] small = Pictures.jpeg(40, 40);
        Grant grant = Grant.of(user.post("/v1/uploads", order(1).without("size").json())
                .expect(201)
                .json());
        for (int i = 1; i < QUOTA / MOST; i++) {
            ask(MOST).expect(201);
        }
        long left = QUOTA % MOST;
        ask(left + 1).expectProblem(403);

        user.sendForm(grant, small).expect(201);
        user.awaitEnd(grant);

        ask(left + MOST - small.length + 1).expectProblem(MOST >= left + MOST - small.length + 1 ? 403 : 413);
        ask(Math.min(MOST, left + MOST - small.length)).expect(201);
    }

    @Test
    void sendsAFormAgainThatTheNetworkCutOff() {
        byte[] picture = Pictures.heavyJpeg(150_000, 5);
        for (Script script : List.of(Script.cutAfter(60_000), Script.resetAfter(60_000))) {
            Grant grant = Grant.of(ask(picture.length).expect(201).json());
            server.proxy().plan(script);
            Assertions.assertThatThrownBy(() -> newClient().sendForm(grant, picture))
                    .isInstanceOf(UncheckedIOException.class);
            await().atMost(Duration.ofSeconds(20)).until(() -> server.filesIn("staging") == 0);

            newClient().sendForm(grant, picture).expect(201);
            assertThat(user.awaitEnd(grant).path("status").asString()).isEqualTo("READY");
        }
    }

    private static ApiUser newClient() {
        return server.server().admin();
    }

    @Test
    void leavesNothingOfAFormThatEndsTooEarly() {
        byte[] picture = Pictures.heavyJpeg(150_000, 6);
        Grant grant = Grant.of(ask(picture.length).expect(201).json());
        byte[] whole = FormBody.of(grant.fields(), picture).bytes();
        FormBody cut = new FormBody(Arrays.copyOf(whole, whole.length - 70_000));

        assertThat(user.sendForm(grant.url(), cut).status()).isBetween(400, 499);

        assertThat(server.filesIn("staging")).isZero();
        user.sendForm(grant, picture).expect(201);
    }

    @Test
    void endsEachOfManyEqualUploadsWhetherItWasSharedOrNot() throws Exception {
        byte[] picture = Pictures.heavyJpeg(90_000, 11);
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(picture));
        String order = UploadOrder.jpeg("same.jpg", picture.length)
                .with("sha256", hash)
                .json();

        List<JsonNode> ends = AtOnce.run(10, client -> {
            JsonNode upload = user.post("/v1/uploads", order).expect(201).json();
            if (upload.has("grant")) {
                user.sendForm(Grant.of(upload), picture).expect(201);
            }
            return user.awaitEnd(Grant.of(upload));
        });

        assertThat(ends).extracting(end -> end.path("status").asString()).containsOnly("READY");
        assertThat(ends).extracting(end -> end.path("assetId").asString()).doesNotHaveDuplicates();
        JsonNode later = user.post("/v1/uploads", order).expect(201).json();
        assertThat(later.path("deduplicated").asBoolean()).isTrue();
        assertThat(later.has("grant")).isFalse();
    }
}
