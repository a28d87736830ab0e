package dev.safelight.cli;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// The header `Retry-After`: seconds, or a date (RFC 9110 §10.2.3).
public final class RetryAfter {
    private RetryAfter() {}

    /// Null when it is absent or makes no sense.
    public static @Nullable Duration of(HttpHeaders headers) {
        return headers.firstValue("Retry-After").map(RetryAfter::parse).orElse(null);
    }

    private static @Nullable Duration parse(String text) {
        if (text.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        try {
            Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(Instant.now(), until);
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException malformed) {
            return null;
        }
    }
}
