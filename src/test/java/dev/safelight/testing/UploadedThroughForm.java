package dev.safelight.testing;

import static org.awaitility.Awaitility.await;

import dev.safelight.store.DirectUpload.PostGrant;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Uploads by form POST to the server of this JVM.
public final class UploadedThroughForm {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private UploadedThroughForm() {}

    /// The form that an answer of `POST /v1/uploads` allows to send.
    public static Form form(JsonNode upload, byte[] bytes) {
        JsonNode grant = upload.path("grant");
        Map<String, String> fields = new LinkedHashMap<>();
        grant.path("fields")
                .properties()
                .forEach(field -> fields.put(field.getKey(), field.getValue().asString()));
        return Form.of(new PostGrant(URI.create(grant.path("url").asString()), fields, Instant.MAX), bytes);
    }

    /// Goes the whole way of a JPEG.
    ///
    /// @return the upload at its end
    public static JsonNode ready(TestServer server, byte[] picture) throws Exception {
        JsonNode upload = TestServer.json(server.post(
                "/v1/uploads",
                "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":%d}".formatted(picture.length)));
        form(upload, picture).send(HTTP);
        String id = upload.path("uploadId").asString();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> state(server, id).path("status").asString().equals("READY"));
        return state(server, id);
    }

    public static JsonNode state(TestServer server, String id) throws IOException, InterruptedException {
        return TestServer.json(server.get("/v1/uploads/" + id));
    }
}
