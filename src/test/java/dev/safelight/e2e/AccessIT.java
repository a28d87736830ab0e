package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Reply;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.SharedServer;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What is open to anybody, and how a key is asked for everywhere else.
@ExtendWith({ShowServerLog.class, SharedServer.class})
class AccessIT {
    private static final String ORDER = UploadOrder.jpeg("a.jpg", 10).json();

    private final ApiUser admin;
    private final ApiUser visitor;
    private final String key;

    AccessIT(SafelightProcess server) {
        this.admin = server.admin();
        this.visitor = admin.anonymous();
        this.key = server.adminKey();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/assets",
                "/v1/uploads/00000000-0000-7000-8000-000000000000",
                "/v1/unknown",
                "/unknown",
                "/actuator",
                "/actuator/prometheus",
                "/actuator/env"
            })
    void asksStrangersForAKey(String path) {
        Reply refused = visitor.get(path).expectProblem(401);
        assertThat(refused.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(refused.detail()).contains("Authorization: Bearer");
    }

    @Test
    void asksBeforeItLooksAtTheRequest() {
        visitor.post("/v1/uploads", ORDER).expectProblem(401);
        visitor.post("/v1/uploads", "not json").expectProblem(401);
        visitor.send("DELETE", "/v1/assets", BodyPublishers.noBody()).expectProblem(401);
    }

    static Stream<String> wrongKeys() {
        return Stream.of(
                "Bearer",
                "Bearer nonsense",
                "Basic YWRtaW46YWRtaW4=",
                "Bearer sl_00000000000000000000000000000000_" + "A".repeat(43),
                "Bearer sl_" + "x".repeat(5000),
                "Bearer ' or 1=1--");
    }

    @ParameterizedTest
    @MethodSource("wrongKeys")
    void refusesWrongKeys(String authorization) {
        Reply refused = admin.withAuthorization(authorization).get("/v1/assets").expectProblem(401);
        assertThat(refused.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(refused.detail()).contains("malformed, unknown or revoked");
    }

    @Test
    void refusesTheRightKeyWithAnotherSecret() {
        String last = key.endsWith("A") ? "B" : "A";
        String forged = key.substring(0, key.length() - 1) + last;

        admin.get("/v1/assets").expect(200);
        admin.withAuthorization("Bearer " + forged).get("/v1/assets").expectProblem(401);
        admin.withAuthorization("bearer " + key).get("/v1/assets").expect(200);
    }

    @Test
    void allowsWhatTheRoleAllowsAndNothingMore() {
        JsonNode viewer = admin.post("/v1/keys", "{\"name\":\"looks only\",\"roles\":[\"viewer\"]}")
                .expect(201)
                .json();
        ApiUser limited =
                admin.withAuthorization("Bearer " + viewer.path("token").asString());
        limited.get("/v1/assets").expect(200);
        limited.post("/v1/uploads", ORDER).expectProblem(403);
        limited.get("/v1/keys").expectProblem(403);
        limited.post("/v1/assets/00000000-0000-7000-8000-000000000000/moderation", "{\"status\":\"approved\"}")
                .expectProblem(403);

        admin.send("DELETE", "/v1/keys/" + viewer.path("id").asString(), BodyPublishers.noBody())
                .expect(204);
        limited.get("/v1/assets").expectProblem(401);
    }

    @Test
    void showsHealthToAnybodyAndMeasurementsToKeysOnly() {
        for (String probe : new String[] {"liveness", "readiness"}) {
            JsonNode health =
                    visitor.get("/actuator/health/" + probe).expect(200).json();
            assertThat(health.path("status").asString()).isEqualTo("UP");
            assertThat(health.has("components")).as("details").isFalse();
        }
        Reply metrics = admin.get("/actuator/prometheus").expect(200);
        assertThat(metrics.text()).contains("jvm_memory_used_bytes", "safelight_");
    }

    @Test
    void describesItsApiToAnybody() {
        JsonNode document = visitor.get("/v1/openapi").expect(200).json();

        assertThat(document.path("openapi").asString()).startsWith("3.1");
        assertThat(document.path("paths").propertyNames())
                .contains("/v1/uploads", "/v1/uploads/{id}", "/v1/assets", "/v1/assets/{id}", "/images/{assetId}")
                .allSatisfy(path -> assertThat(path).matches("/(v1|images|skus|media)/.*"));
    }
}
