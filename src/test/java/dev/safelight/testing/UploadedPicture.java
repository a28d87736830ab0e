package dev.safelight.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.Space;
import dev.safelight.asset.VersionId;
import dev.safelight.store.DirectUpload.PostGrant;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Takes pictures the whole way to READY on a [TestServer].
public final class UploadedPicture {
    private UploadedPicture() {}

    /// Uploads a JPEG to the product space and waits for it.
    public static VersionId ready(TestServer server, byte[] jpeg) throws Exception {
        return ready(server, Space.PRODUCT, jpeg);
    }

    /// Uploads a JPEG to a space and waits for it.
    public static VersionId ready(TestServer server, Space space, byte[] jpeg) throws Exception {
        JsonNode upload = TestServer.json(server.post(
                "/v1/uploads",
                "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":%d,\"space\":\"%s\"}"
                        .formatted(jpeg.length, space.text())));
        Map<String, String> fields = new LinkedHashMap<>();
        upload.at("/grant/fields")
                .properties()
                .forEach(field -> fields.put(field.getKey(), field.getValue().asString()));
        URI url = URI.create(upload.at("/grant/url").asString());
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(Form.of(new PostGrant(url, fields, Instant.MAX), jpeg)
                            .send(http)
                            .statusCode())
                    .isEqualTo(201);
        }
        String id = upload.path("assetId").asString();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> TestServer.json(server.get("/v1/assets/" + id))
                        .path("status")
                        .asString()
                        .equals("READY"));
        return new VersionId(AssetId.parse(id).orElseThrow(), 1);
    }
}
