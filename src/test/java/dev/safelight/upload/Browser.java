package dev.safelight.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.store.DirectUpload.PostGrant;
import dev.safelight.testing.Form;
import dev.safelight.testing.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What Uppy does in a web page, request by request: it holds a session and no key.
record Browser(URI session) {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    static Browser withSession(TestServer server, String json) throws IOException, InterruptedException {
        HttpResponse<String> answer = server.post("/v1/upload-sessions", json);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return new Browser(URI.create(TestServer.json(answer).path("url").asString()));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", session + path, "");
    }

    HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return send("POST", session + path, json);
    }

    HttpResponse<String> delete(String path) throws IOException, InterruptedException {
        return send("DELETE", session + path, "");
    }

    static HttpResponse<String> send(String method, String url, String body) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    /// Asks `/sign`, which must agree.
    JsonNode sign(Map<String, @Nullable Object> request) throws IOException, InterruptedException {
        HttpResponse<String> answer = post("/sign", JsonMapper.shared().writeValueAsString(request));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return TestServer.json(answer);
    }

    /// Sends a file with a signed form.
    static int sendForm(JsonNode signed, byte[] file) throws Exception {
        Map<String, String> fields = new LinkedHashMap<>();
        signed.path("fields")
                .properties()
                .forEach(field -> fields.put(field.getKey(), field.getValue().asString()));
        return Form.of(new PostGrant(URI.create(signed.path("url").asString()), fields, Instant.MAX), file)
                .send(HTTP)
                .statusCode();
    }

    /// Sends a part and gives the entity tag that the store answers.
    static String sendPart(String url, byte[] part) throws IOException, InterruptedException {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create(url))
                        .PUT(BodyPublishers.ofByteArray(part))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.headers().firstValue("ETag").orElseThrow().replace("\"", "");
    }

    JsonNode upload(String id) throws IOException, InterruptedException {
        HttpResponse<String> answer = get("/uploads/" + id);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return TestServer.json(answer);
    }

    void awaitStatus(String id, String status) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(upload(id).path("status").asString()).isEqualTo(status));
    }

    /// The id of the upload that a key of the server belongs to: `raw/{yyyy}/{mm}/{uploadId}/{name}`.
    static String idIn(JsonNode signed) {
        return signed.path("key").asString().split("/")[3];
    }
}
