package dev.safelight.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.TestServer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// What the generated description of the API promises.
class OpenApiTest {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch", "head", "options");

    private final JsonNode document;

    OpenApiTest() throws Exception {
        document = TestServer.json(TestServer.shared().get("/v1/openapi"));
    }

    @Test
    void isOf31AndNeedsABearerToken() {
        assertThat(document.path("openapi").asString()).startsWith("3.1.");
        JsonNode scheme = document.path("components").path("securitySchemes").path("apiKey");
        assertThat(scheme.path("type").asString()).isEqualTo("http");
        assertThat(scheme.path("scheme").asString()).isEqualTo("bearer");
        assertThat(document.path("security").path(0).has("apiKey")).isTrue();
    }

    @Test
    void everyOperationMayAnswerWithAProblem() {
        JsonNode problem = document.path("components").path("schemas").path("Problem");
        assertThat(problem.path("properties").propertyNames())
                .contains("type", "title", "status", "detail", "reason", "retryAfter", "errors");
        assertThat(document.path("components").path("schemas").has("Fault")).isTrue();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(item -> {
                    assertThat(METHODS).contains(item.getKey());
                    assertThat(item.getValue()
                                    .path("responses")
                                    .path("default")
                                    .path("content")
                                    .path("application/problem+json")
                                    .path("schema")
                                    .path("$ref")
                                    .asString(""))
                            .as(item.getKey() + " " + path.getKey())
                            .isEqualTo("#/components/schemas/Problem");
                }));
    }

    @Test
    void theCallerIsNoParameter() {
        assertThat(document.findValues("parameters").stream()
                        .flatMap(parameters -> parameters.valueStream())
                        .map(parameter -> parameter.path("name").asString()))
                .contains("id", "limit", "Idempotency-Key")
                .doesNotContain("caller", "request", "Accept");
        assertThat(document.toString()).doesNotContain("\"Caller\"", "*/*");
    }

    @Test
    void describesPicturesThatTakeAKeyOrNone() {
        JsonNode picture = document.path("paths").path("/images/{assetId}").path("get");
        assertThat(picture.path("security").valueStream().map(JsonNode::size)).containsExactly(0, 1);
        assertThat(picture.path("parameters").valueStream())
                .extracting(parameter -> parameter.path("name").asString())
                .containsExactly(
                        "assetId", "width", "height", "fit", "format", "gravity", "quality", "dpr", "preset", "s",
                        "expires", "access");
        assertThat(picture.path("parameters").valueStream())
                .allSatisfy(parameter -> assertThat(
                                parameter.path("schema").path("type").asString())
                        .isEqualTo("string"));
    }

    @Test
    void sessionsNeedTheirTokenInThePathAndNoKey() {
        document.path("paths").properties().stream()
                .filter(path -> path.getKey().contains("{token}"))
                .flatMap(path -> path.getValue().properties().stream())
                .forEach(operation -> {
                    assertThat(operation.getValue().path("security").isEmpty()).isTrue();
                    assertThat(operation.getValue().path("parameters").valueStream())
                            .filteredOn(parameter ->
                                    parameter.path("name").asString().equals("token"))
                            .singleElement()
                            .satisfies(token ->
                                    assertThat(token.path("in").asString()).isEqualTo("path"));
                });
        assertThat(document.at("/paths/~1v1~1uploads~1{id}~1events/get/responses/200/content")
                        .propertyNames())
                .containsExactly("text/event-stream");
    }

    @Test
    void whatHasNoContentIsNotDescribedToHaveAny() {
        List<JsonNode> empty = document.path("paths")
                .valueStream()
                .flatMap(JsonNode::valueStream)
                .map(operation -> operation.path("responses").path("204"))
                .filter(JsonNode::isObject)
                .toList();
        assertThat(empty)
                .hasSizeGreaterThan(3)
                .allSatisfy(answer -> assertThat(answer.has("content")).isFalse());
        assertThat(document.at("/paths/~1v1~1uppy~1{token}~1events/get/responses/200/content")
                        .propertyNames())
                .containsExactly("text/event-stream");
    }

    @Test
    void listsOfUploadsNeedTheirIds() {
        assertThat(document.path("paths").path("/v1/uploads").path("get").path("parameters"))
                .singleElement()
                .satisfies(ids -> {
                    assertThat(ids.path("name").asString()).isEqualTo("ids");
                    assertThat(ids.path("required").asBoolean()).isTrue();
                });
    }

    @ParameterizedTest
    @CsvSource({
        "post, /v1/uploads, 200 201 default",
        "get, /v1/uploads, 200 default",
        "post, /v1/uploads/batch, 200 default",
        "get, /v1/uploads/{id}, 200 default",
        "delete, /v1/uploads/{id}, 204 default",
        "get, /v1/uploads/{id}/parts, 200 default",
        "post, /v1/uploads/{id}/parts, 200 default",
        "get, /v1/orphans, 200 default",
        "delete, /v1/orphans/{bucket}/{key}, 204 default",
        "get, /v1/assets/{id}/versions, 200 default",
        "put, /v1/assets/{id}/current, 200 default",
        "post, /v1/uploads/{id}/complete, 202 default",
        "post, /v1/upload-sessions, 201 default",
        "get, /v1/uploads/{id}/events, 200 204 default",
        "get, /v1/uppy/{token}/events, 200 default",
        "get, /v1/uppy/{token}/uploads/{id}, 200 default",
        "post, /v1/uppy/{token}/sign, 200 default",
        "get, /v1/uppy/{token}/s3/params, 200 default",
        "post, /v1/uppy/{token}/s3/multipart, 200 default",
        "get, /v1/uppy/{token}/s3/multipart/{id}, 200 default",
        "get, /v1/uppy/{token}/s3/multipart/{id}/batch, 200 default",
        "get, /v1/uppy/{token}/s3/multipart/{id}/{number}, 200 default",
        "post, /v1/uppy/{token}/s3/multipart/{id}/complete, 200 default",
        "delete, /v1/uppy/{token}/s3/multipart/{id}, 200 default",
        "post, /v1/uppy/{token}/store/{id}, 200 default",
        "get, /v1/uppy/{token}/store/{id}, 200 default",
        "delete, /v1/uppy/{token}/store/{id}, 204 default",
        "post, /v1/keys, 201 default",
        "get, /v1/keys, 200 default",
        "delete, /v1/keys/{id}, 204 default",
        "post, /v1/jobs/dead/retry, 202 default",
        "get, /v1/assets/{id}/srcset, 200 default",
        "get, /v1/assets/{id}/info, 200 default",
        "put, /v1/assets/{id}/focal-point, 200 default",
        "delete, /v1/assets/{id}/focal-point, 200 default",
        "post, /v1/assets/{id}/reprocess, 200 default",
        "post, /v1/backfills, 200 201 default",
        "get, /v1/backfills/{id}, 200 default",
        "delete, /v1/backfills/{id}, 200 default",
        "get, /media/{type}/{assetId}/v{version}/{file}, 200 default",
        "get, /images/{assetId}, 200 default",
        "get, /skus/{sku}/{role}, 200 default"
    })
    void tellsTheStatusOfSuccess(String method, String path, String statuses) {
        JsonNode responses = document.path("paths").path(path).path(method).path("responses");
        assertThat(responses.propertyNames()).containsExactlyInAnyOrder(statuses.split(" "));
    }
}
