package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.FormBody;
import dev.safelight.testing.Grant;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.Reply;
import dev.safelight.testing.SharedServer;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A grant allows one form POST of what was granted, and nothing else.
@ExtendWith({ShowServerLog.class, SharedServer.class})
class FormPostIT {
    private final byte[] picture = Pictures.jpeg(80, 60);
    private final ApiUser admin;
    private Grant grant;

    FormPostIT(ApiUser admin) {
        this.admin = admin;
        this.grant = admin.grant(UploadOrder.jpeg("granted.jpg", picture.length));
    }

    @BeforeEach
    void theGrantItselfIsGood() {
        assertThat(grant.fields()).containsKeys("key", "Content-Type", "policy", "x-amz-signature");
    }

    @ParameterizedTest
    @CsvSource({
        "key, raw/2026/01/00000000-0000-7000-8000-000000000000/other.jpg",
        "key, ../../admin.key",
        "Content-Type, text/html",
        "Content-Type, image/jpeg; charset=utf-8",
        "x-amz-signature, 0000000000000000000000000000000000000000000000000000000000000000",
        "x-amz-signature, ''",
        "x-amz-date, 20200101T000000Z",
        "x-amz-credential, nobody/20260101/us-east-1/s3/aws4_request",
        "success_action_redirect, https://evil.example/",
        "acl, public-read",
        "x-amz-meta-owner, somebody"
    })
    void refusesChangedFields(String field, String value) {
        refused(admin.sendForm(grant.with(field, value), picture), 400, 403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "policy", "x-amz-signature", "x-amz-credential", "x-amz-algorithm", "Content-Type"})
    void refusesMissingFields(String field) {
        refused(admin.sendForm(grant.without(field), picture), 400, 403);
    }

    @Test
    void refusesAPolicyOfTheClientsOwn() {
        String policy = new String(Base64.getDecoder().decode(grant.fields().get("policy")), StandardCharsets.UTF_8);
        String wider = policy.replaceFirst("\"expiration\" *: *\"\\d{4}", "\"expiration\":\"2099");
        assertThat(wider).isNotEqualTo(policy);
        String encoded = Base64.getEncoder().encodeToString(wider.getBytes(StandardCharsets.UTF_8));

        refused(admin.sendForm(grant.with("policy", encoded), picture), 403);
    }

    @Test
    void refusesMoreAndFewerBytesThanGranted() {
        refused(admin.sendForm(grant, Arrays.copyOf(picture, picture.length + 1)), 400);
        refused(admin.sendForm(grant, Arrays.copyOf(picture, picture.length - 1)), 400);
        refused(admin.sendForm(grant, new byte[0]), 400);
        refused(admin.sendForm(grant, new byte[1 << 20]), 400);
    }

    @Test
    void refusesAFormWithoutAGrant() {
        refused(admin.sendForm(grant.url(), FormBody.of(Map.of("key", "raw/own.jpg"), picture)), 400, 403);
    }

    @Test
    void refusesAnotherBucket() {
        String other = grant.url().toString().replaceFirst("/raw/?$", "/processed");
        assertThat(other).isNotEqualTo(grant.url().toString());
        refused(admin.sendForm(URI.create(other), FormBody.of(grant.fields(), picture)), 403, 404);
    }

    @Test
    void takesEachGrantOnce() {
        admin.sendForm(grant, picture).expect(201);
        byte[] other = Pictures.jpeg(80, 60);
        other[other.length - 3] ^= 1;
        refused(admin.sendForm(grant, other), 412);

        assertThat(admin.awaitEnd(grant).path("status").asString()).isEqualTo("READY");
        refused(admin.sendForm(grant, picture), 412);
    }

    @Test
    void showsNothingOfTheStoreToStrangers() {
        ApiUser visitor = admin.anonymous();
        String key = grant.fields().get("key");
        refusedByStore(visitor.get(grant.url().toString()));
        refusedByStore(visitor.get(grant.url().resolve("/").toString()));
        refusedByStore(visitor.get(grant.url() + "/" + key));
        refusedByStore(visitor.send("PUT", grant.url() + "/" + key, HttpRequest.BodyPublishers.ofByteArray(picture)));
    }

    /// Refused, and the upload still waits for its bytes.
    private void refused(Reply reply, Integer... statuses) {
        assertThat(reply.status()).as(reply.text()).isIn((Object[]) statuses);
        assertThat(reply.text()).contains("<Error>", "<Code>", "<Message>");
        if (reply.status() != 412) {
            String status = admin.get("/v1/uploads/" + grant.uploadId())
                    .json()
                    .path("status")
                    .asString();
            assertThat(status).isEqualTo("PENDING");
        }
    }

    private static void refusedByStore(Reply reply) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(403);
        assertThat(reply.text()).contains("<Code>AccessDenied</Code>");
    }
}
