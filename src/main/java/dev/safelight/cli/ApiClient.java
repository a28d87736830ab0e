package dev.safelight.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Talks to the API of a server, with the patience that a busy or restarting one needs.
final class ApiClient implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final URI server;
    private final String key;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    /// @param server its URL without a slash at the end
    ApiClient(URI server, String key) {
        this.server = server;
        this.key = key;
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return send(request(path).GET(), new Patience());
    }

    void delete(String path) throws IOException, InterruptedException {
        send(request(path).DELETE(), new Patience());
    }

    /// Text as a segment of a path or a value of a query.
    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// @param idempotencyKey makes it safe to send the request again
    JsonNode post(String path, Object body, String idempotencyKey) throws IOException, InterruptedException {
        return send(request(path).header("Idempotency-Key", idempotencyKey).POST(json(body)), new Patience());
    }

    JsonNode put(String path, Object body) throws IOException, InterruptedException {
        return send(request(path).PUT(json(body)), new Patience());
    }

    /// Sends a request that must not be repeated.
    JsonNode postOnce(String path, Object body) throws IOException, InterruptedException {
        return send(request(path).POST(json(body)), Patience.none());
    }

    private static HttpRequest.BodyPublisher json(Object body) {
        return HttpRequest.BodyPublishers.ofString(Json.MAPPER.writeValueAsString(body));
    }

    private HttpRequest.Builder request(String path) {
        // Not URI.resolve, which would drop the path that a server behind a proxy may have.
        return HttpRequest.newBuilder(URI.create(server + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json");
    }

    private JsonNode send(HttpRequest.Builder request, Patience patience) throws IOException, InterruptedException {
        while (true) {
            try {
                HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() < 300) {
                    return read(response.body());
                }
                ApiProblem problem = ApiProblem.of(response.statusCode(), response.body());
                if (!problem.isPassing() || !patience.pause()) {
                    throw problem;
                }
            } catch (IOException failed) {
                if (!patience.pause()) {
                    throw failed;
                }
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

    /// Sends a file as an S3 form POST, without repeating it: a second form of the same grant would be refused.
    ///
    /// @return the status, and the body of the store's answer
    HttpResponse<String> postForm(URI url, FormBody body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(Duration.ofMinutes(30))
                .header("Content-Type", body.contentType())
                .POST(body.publisher())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        http.close();
    }

    @Override
    public String toString() {
        return "ApiClient[" + server + "]";
    }

    /// An error answer of the API.
    static final class ApiProblem extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final int status;
        private final @Nullable String reason;

        private ApiProblem(int status, @Nullable String reason, String detail) {
            super(detail);
            this.status = status;
            this.reason = reason;
        }

        static ApiProblem of(int status, String body) {
            try {
                JsonNode problem = Json.MAPPER.readTree(body);
                String reason = problem.path("reason").asString("");
                String detail = problem.path("detail").asString("the server answered " + status);
                return new ApiProblem(status, reason.isEmpty() ? null : reason, detail);
            } catch (JacksonException notJson) {
                return new ApiProblem(status, null, "the server answered " + status + " without an explanation");
            }
        }

        @Nullable
        String reason() {
            return reason;
        }

        String detail() {
            return String.valueOf(getMessage());
        }

        /// Whether the key is unknown or may not do this, which is the same for all that is asked with it.
        boolean isAboutKey() {
            return status == 401 || status == 403;
        }

        boolean isServersFault() {
            return status >= 500 || isPassing();
        }

        boolean isPassing() {
            return status == 429 || status == 502 || status == 503 || status == 504;
        }

        int exitCode() {
            return isPassing() ? ExitCode.UNREACHABLE : ExitCode.REFUSED;
        }
    }

    /// How often and how long a request is tried again.
    static final class Patience {
        private static final int MOST = 5;
        private static final long FIRST_MILLIS = 200;

        private int tried;

        static Patience none() {
            Patience none = new Patience();
            none.tried = MOST;
            return none;
        }

        /// Waits before another try, longer each time and with jitter; false when it is enough.
        boolean pause() throws InterruptedException {
            if (++tried >= MOST) {
                return false;
            }
            long longest = FIRST_MILLIS << tried;
            Thread.sleep(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2));
            return true;
        }
    }
}
