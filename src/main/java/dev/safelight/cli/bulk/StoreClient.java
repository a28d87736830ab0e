package dev.safelight.cli.bulk;

import dev.safelight.cli.RetryAfter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Sends bytes to the store, no more than a number of requests at a time, whatever file or part they are of.
final class StoreClient implements AutoCloseable {
    private static final int MOST_OF_ANSWER = 400;
    private static final long MOST_READ = 64 * 1024;
    private static final Duration LEAST_PATIENCE = Duration.ofMinutes(2);
    private static final long SLOWEST_BYTES_PER_SECOND = 20_000;

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(10))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final Semaphore permits;

    StoreClient(int parallel) {
        permits = new Semaphore(parallel, true);
    }

    /// What the store said.
    ///
    /// @param body bounded by what was read of it
    record Answer(int status, String body, @Nullable Duration retryAfter) {
        boolean isOk() {
            return status / 100 == 2;
        }

        /// The object is there already, from an earlier try whose answer was lost.
        boolean isThereAlready() {
            return status == 412;
        }

        boolean isPassing() {
            // S3 calls it a bad request when the bytes came too slowly.
            boolean isSlow = status == 400 && body.contains("<Code>RequestTimeout</Code>");
            return isSlow || status == 408 || status == 429 || status >= 500;
        }

        /// The grant ended, or the clocks disagree.
        boolean isRefusedGrant() {
            return status == 403;
        }

        String text() {
            String start = body.length() <= MOST_OF_ANSWER ? body : body.substring(0, MOST_OF_ANSWER) + "…";
            return "the store answered with status %d: %s".formatted(status, start);
        }
    }

    Answer post(URI url, String contentType, BodyPublisher body) throws IOException, InterruptedException {
        return send(request(url, body).header("Content-Type", contentType).POST(body));
    }

    Answer put(URI url, Map<String, String> headers, BodyPublisher body) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(url, body).PUT(body);
        headers.forEach(request::header);
        return send(request);
    }

    private static HttpRequest.Builder request(URI url, BodyPublisher body) {
        Duration patience = LEAST_PATIENCE.plusSeconds(body.contentLength() / SLOWEST_BYTES_PER_SECOND);
        return HttpRequest.newBuilder(url).timeout(patience);
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        permits.acquire();
        try {
            HttpResponse<String> answer =
                    http.send(request.build(), BodyHandlers.limiting(BodyHandlers.ofString(), MOST_READ));
            return new Answer(answer.statusCode(), answer.body(), RetryAfter.of(answer.headers()));
        } finally {
            permits.release();
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
