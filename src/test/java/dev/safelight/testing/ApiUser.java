package dev.safelight.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A client of a server's API that sends what it is told and tries nothing twice.
public final class ApiUser implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration PROCESSING = Duration.ofSeconds(60);
    private static final Set<String> FINAL = Set.of("READY", "REJECTED", "FAILED");

    private final URI server;
    private final @Nullable String authorization;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private ApiUser(@Nullable String authorization, URI server) {
        this.server = server;
        this.authorization = authorization;
    }

    public ApiUser(URI server, String key) {
        this("Bearer " + key, server);
    }

    public ApiUser anonymous() {
        return new ApiUser(null, server);
    }

    /// @param header the whole `Authorization` header
    public ApiUser withAuthorization(String header) {
        return new ApiUser(header, server);
    }

    public Reply get(String path, String... headers) {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    public Reply post(String path, String json, String... headers) {
        HttpRequest.Builder request = request(path, headers);
        if (headers.length == 0 || !Set.of(headers).contains("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        return exchange(request.POST(BodyPublishers.ofString(json)));
    }

    /// @param path below the server, or a whole URL
    public Reply send(String method, String path, BodyPublisher body, String... headers) {
        return exchange(request(path, headers).method(method, body));
    }

    private HttpRequest.Builder request(String path, String... headers) {
        URI address = server.resolve(path);
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(TIMEOUT);
        if (authorization != null && address.getPort() == server.getPort()) {
            request.header("Authorization", authorization);
        }
        return headers.length == 0 ? request : request.headers(headers);
    }

    private Reply exchange(HttpRequest.Builder request) {
        try {
            return new Reply(http.send(request.build(), BodyHandlers.ofByteArray()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /// Asks for a grant; the answer must be a new one.
    public Grant grant(UploadOrder order) {
        return Grant.of(post("/v1/uploads", order.json()).expect(201).json());
    }

    /// Sends bytes to the store with a grant.
    public Reply sendForm(Grant grant, byte[] file) {
        return sendForm(grant.url(), FormBody.of(grant.fields(), file));
    }

    public Reply sendForm(URI url, FormBody form) {
        return exchange(HttpRequest.newBuilder(url)
                .timeout(TIMEOUT)
                .header("Content-Type", form.contentType())
                .POST(BodyPublishers.ofByteArray(form.bytes())));
    }

    /// Goes the whole way of an upload.
    ///
    /// @return the asset at its end
    public JsonNode upload(UploadOrder order, byte[] file) {
        Grant grant = grant(order);
        sendForm(grant, file).expect(201);
        awaitEnd(grant);
        return asset(grant.assetId());
    }

    /// Waits until an upload is READY, REJECTED or FAILED.
    public JsonNode awaitEnd(Grant grant) {
        return await("the end of upload " + grant.uploadId())
                .atMost(PROCESSING)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(40))
                .until(
                        () -> get("/v1/uploads/" + grant.uploadId()).expect(200).json(),
                        upload -> FINAL.contains(upload.path("status").asString()));
    }

    public JsonNode asset(String id) {
        return get("/v1/assets/" + id).expect(200).json();
    }

    @Override
    public void close() {
        http.close();
    }
}
