package dev.safelight.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/// An error answer as in RFC 9457 (`application/problem+json`).
///
/// @param type a stable URN that names the kind of problem
/// @param title the same for all problems of a type
/// @param detail what was wrong with this request, and what is allowed
/// @param reason a [Reason] as a word: what an asset would be rejected with, or which limit or state of an
///     upload refuses
/// @param retryAfter seconds after which to ask again, with 429 and 503; the header Retry-After says the same
/// @param errors the single faults, when there may be several
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        @Nullable String reason,
        @Nullable Long retryAfter,
        @Nullable List<Fault> errors) {

    public static final String MEDIA_TYPE = "application/problem+json";

    /// Where nobody knows better: outages and crowds pass, and most of them soon.
    private static final long SOON = 2;

    /// One faulty field or parameter.
    public record Fault(String field, String message) {}

    public static Problem of(HttpStatus status, String detail) {
        String slug = status.getReasonPhrase().toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "-");
        return new Problem(
                "urn:safelight:problem:" + slug,
                status.getReasonPhrase(),
                status.value(),
                detail,
                null,
                isPassing(status) ? SOON : null,
                null);
    }

    private static boolean isPassing(HttpStatus status) {
        return status == HttpStatus.TOO_MANY_REQUESTS || status == HttpStatus.SERVICE_UNAVAILABLE;
    }

    public static Problem of(Failure failure) {
        Problem plain = of(statusOf(failure.kind()), failure.publicMessage());
        Duration wait = failure.retryAfter();
        Problem timed = wait == null ? plain : plain.withRetryAfter(wait);
        Reason reason = failure.reason();
        return reason == null ? timed : timed.withReason(reason);
    }

    /// What is answered while the object store cannot be reached.
    public static Problem ofStoreOutage() {
        return of(
                HttpStatus.SERVICE_UNAVAILABLE, "The object store cannot be reached right now. Try again in a moment.");
    }

    Problem withErrors(List<Fault> faults) {
        return new Problem(type, title, status, detail, reason, retryAfter, faults);
    }

    /// Rounded up: whoever comes a fraction of a second early is refused again.
    public Problem withRetryAfter(Duration wait) {
        long seconds = Math.max(1, wait.plusNanos(999_999_999).toSeconds());
        return new Problem(type, title, status, detail, reason, seconds, errors);
    }

    private Problem withReason(Reason newReason) {
        return new Problem(
                "urn:safelight:problem:" + newReason.text(),
                title,
                status,
                detail,
                newReason.text(),
                retryAfter,
                errors);
    }

    /// The one place where a kind of failure becomes an HTTP status.
    static HttpStatus statusOf(Failure.Kind kind) {
        return switch (kind) {
            case INVALID -> HttpStatus.BAD_REQUEST;
            case UNAUTHENTICATED -> HttpStatus.UNAUTHORIZED;
            case FORBIDDEN -> HttpStatus.FORBIDDEN;
            case NOT_FOUND -> HttpStatus.NOT_FOUND;
            case CONFLICT -> HttpStatus.CONFLICT;
            case TOO_LARGE -> HttpStatus.CONTENT_TOO_LARGE;
            case UNSUPPORTED -> HttpStatus.UNSUPPORTED_MEDIA_TYPE;
            case UNREADABLE -> HttpStatus.INTERNAL_SERVER_ERROR;
            case BUSY -> HttpStatus.TOO_MANY_REQUESTS;
            case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
        };
    }
}
