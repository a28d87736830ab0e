package dev.safelight.purge.edge;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Sends requests to edges. It follows no redirect, since what it sends holds secrets, and reads no more of
/// an answer than tells how it went.
final class EdgeClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int MOST_BYTES = 64 * 1024;
    /// Whoever asks for more is asked again after so long.
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final InstantSource clock;

    EdgeClient(InstantSource clock) {
        this.clock = clock;
    }

    /// @param timeout from the first to the last byte
    /// @throws EdgeUnreachable when there was no whole answer; whether the edge has done it is unknown
    EdgeReply send(HttpRequest request, Duration timeout) throws EdgeUnreachable, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
        try {
            HttpResponse<byte[]> response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return new EdgeReply(
                    response.statusCode(),
                    new String(response.body(), StandardCharsets.UTF_8),
                    response.headers()
                            .firstValue("Retry-After")
                            .map(this::retryAfter)
                            .orElse(null));
        } catch (TimeoutException late) {
            throw new EdgeUnreachable("no answer within " + timeout.toSeconds() + " s", late);
        } catch (ExecutionException failed) {
            throw new EdgeUnreachable(
                    failed.getCause() instanceof ConnectException ? "no connection" : "the connection broke", failed);
        } finally {
            answer.cancel(true);
        }
    }

    /// Seconds or a date; null for anything else.
    private @Nullable Duration retryAfter(String text) {
        Duration wait = parse(text.strip());
        if (wait == null || wait.isNegative()) {
            return null;
        }
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    private @Nullable Duration parse(String text) {
        if (text.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        try {
            Instant moment = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Duration.between(clock.instant(), moment);
        } catch (DateTimeParseException neither) {
            return null;
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    /// There was no whole answer.
    static final class EdgeUnreachable extends IOException {
        private static final long serialVersionUID = 1;

        EdgeUnreachable(String reason, Exception cause) {
            super(reason, cause);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }
}
