package dev.safelight.testing;

import static java.util.Map.entry;

import dev.safelight.Safelight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One server for all tests of a JVM that need a whole one: real PostgreSQL, real object store, real HTTP.
///
/// Its patience is short where tests would otherwise wait: silent uploads are looked after every half second.
public final class TestServer {
    /// Of a web page that may upload.
    public static final String ORIGIN = "https://shop.example";

    /// What stores prove themselves with that push events: the first is on its way out.
    public static final List<String> STORE_SECRETS =
            List.of("a-secret-of-the-store-that-was-used-before", "a-secret-of-the-store-that-is-used-from-now");

    private static final String SIGNING_SECRET = "5d1c4cb3ae1ffb0c7c2ed46f4d0f5a3ac0f5b0f0d1de9a6c4f1f4f0a9c8b7e61";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final ConfigurableApplicationContext context;
    private final String key;

    private TestServer() {
        try {
            Path data =
                    Files.createTempDirectory(Path.of("target"), "test-server-").toAbsolutePath();
            TestDatabase database = TestDatabase.fresh();
            this.context = new SpringApplicationBuilder(Safelight.class)
                    .properties(Map.ofEntries(
                            entry("server.port", "0"),
                            entry("server.address", "127.0.0.1"),
                            entry("safelight.data", data.toString()),
                            entry("safelight.work.folder", data.resolve("work").toString()),
                            entry("safelight.upload.reconcile-after", "500ms"),
                            entry("safelight.upload.reconcile-pause", "500ms"),
                            entry("safelight.upload.lateness", "0s"),
                            entry("safelight.events.webhook.secrets", String.join(",", STORE_SECRETS)),
                            entry("safelight.upload.origins", ORIGIN),
                            entry("safelight.upload.part-size", "5MB"),
                            entry("safelight.upload.policies.marketing.deduplicate", "true"),
                            entry("safelight.signing.keys[0].id", "test"),
                            entry("safelight.signing.keys[0].secret", SIGNING_SECRET)))
                    .run(database.arguments());
            this.key = Files.readString(data.resolve("admin.key")).strip();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Started with the first test that asks.
    public static TestServer shared() {
        return Shared.SERVER;
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public <T> T bean(String name, Class<T> type) {
        return context.getBean(name, type);
    }

    public String adminKey() {
        return key;
    }

    public URI url(String path) {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + path);
    }

    /// A request with the admin key.
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url(path)).header("Authorization", "Bearer " + key);
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    public HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return post(path, body, key);
    }

    /// With another key than the admin's.
    public HttpResponse<String> post(String path, String body, String token) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(url(path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    public static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    public static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    private static final class Shared {
        static final TestServer SERVER = new TestServer();
    }
}
