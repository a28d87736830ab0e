package dev.safelight.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Talks to the API of a server, with the patience that a busy or restarting one needs.
public final class ApiClient implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int FIRST_RETRIES = 4;
    private static final int PERMANENT_REDIRECT = 308;

    private final URI server;
    private final String key;
    private final int retries;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private volatile boolean reached;

    /// @param server its URL without a slash at the end
    public ApiClient(URI server, String key) {
        this(server, key, Backoff.STANDARD);
    }

    /// @param retries how often a request is sent again that was not answered, or with a passing problem
    public ApiClient(URI server, String key, int retries) {
        this.server = server;
        this.key = key;
        this.retries = retries;
    }

    public URI server() {
        return server;
    }

    public JsonNode get(String path) throws IOException, InterruptedException {
        return send(request(path).GET(), new Backoff(retries));
    }

    public void delete(String path) throws IOException, InterruptedException {
        send(request(path).DELETE(), new Backoff(retries));
    }

    /// Text as a segment of a path or a value of a query.
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// Sends a request that may be repeated: it does the same again, or says in its body which one it is.
    public JsonNode post(String path, Object body) throws IOException, InterruptedException {
        return send(request(path).POST(json(body)), new Backoff(retries));
    }

    JsonNode put(String path, Object body) throws IOException, InterruptedException {
        return send(request(path).PUT(json(body)), new Backoff(retries));
    }

    /// Sends a request that must not be repeated.
    JsonNode postOnce(String path, Object body) throws IOException, InterruptedException {
        return send(request(path).POST(json(body)), Backoff.none());
    }

    private static HttpRequest.BodyPublisher json(Object body) {
        return HttpRequest.BodyPublishers.ofString(Json.LINE.writeValueAsString(body));
    }

    private HttpRequest.Builder request(String path) {
        // Not URI.resolve, which would drop the path that a server behind a proxy may have.
        return HttpRequest.newBuilder(URI.create(server + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json");
    }

    /// An answer that is no JSON.
    String text(String path) throws IOException, InterruptedException {
        return exchange(request(path).GET(), new Backoff(retries));
    }

    private JsonNode send(HttpRequest.Builder request, Backoff backoff) throws IOException, InterruptedException {
        return read(exchange(request, backoff));
    }

    private String exchange(HttpRequest.Builder request, Backoff backoff) throws IOException, InterruptedException {
        while (true) {
            try {
                HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
                reached = true;
                if (response.statusCode() < 300) {
                    return response.body();
                }
                Optional<String> elsewhere = response.headers().firstValue("Location");
                if (response.statusCode() == PERMANENT_REDIRECT && elsewhere.isPresent()) {
                    URI root = URI.create(elsewhere.get()).resolve("/");
                    throw new CliException(
                            ExitCode.UNREACHABLE,
                            "the server at %s answers at %s alone: name that by --url.".formatted(server, root));
                }
                ApiProblem problem =
                        ApiProblem.of(response.statusCode(), response.body(), RetryAfter.of(response.headers()));
                if (!problem.isPassing() || backoff.isOver()) {
                    throw problem;
                }
                backoff.pause(problem.retryAfter());
            } catch (IOException failed) {
                // A server that never answered may well be a wrong address: say so soon.
                if (backoff.isOver(reached ? Integer.MAX_VALUE : FIRST_RETRIES)) {
                    throw failed;
                }
                backoff.pause(null);
            }
        }
    }

    private JsonNode read(String body) {
        try {
            return Json.MAPPER.readTree(body);
        } catch (JacksonException notJson) {
            throw new CliException(ExitCode.UNREACHABLE, "what answers at %s is not Safelight.".formatted(server));
        }
    }

    @Override
    public void close() {
        http.close();
    }

    @Override
    public String toString() {
        return "ApiClient[" + server + "]";
    }
}
