package dev.safelight.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Reason;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/// An error answer as in RFC 9457 (`application/problem+json`).
///
/// @param type a stable URN that names the kind of problem
/// @param title the same for all problems of a type
/// @param detail what was wrong with this request, and what is allowed
/// @param reason the reason an asset would be rejected with, when the problem is one of content
/// @param errors the single faults, when there may be several
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        @Nullable String reason,
        @Nullable List<Fault> errors) {

    public static final String MEDIA_TYPE = "application/problem+json";

    /// One faulty field or parameter.
    public record Fault(String field, String message) {}

    public static Problem of(HttpStatus status, String detail) {
        String slug = status.getReasonPhrase().toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "-");
        return new Problem(
                "urn:safelight:problem:" + slug, status.getReasonPhrase(), status.value(), detail, null, null);
    }

    public static Problem of(Failure failure) {
        Problem plain = of(statusOf(failure.kind()), failure.publicMessage());
        Reason reason = failure.reason();
        return reason == null ? plain : plain.withReason(reason);
    }

    /// What is answered while the object store cannot be reached.
    public static Problem ofStoreOutage() {
        return of(
                HttpStatus.SERVICE_UNAVAILABLE, "The object store cannot be reached right now. Try again in a moment.");
    }

    Problem withErrors(List<Fault> faults) {
        return new Problem(type, title, status, detail, reason, faults);
    }

    private Problem withReason(Reason newReason) {
        return new Problem(
                "urn:safelight:problem:" + newReason.text(), title, status, detail, newReason.text(), errors);
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
            case BUSY -> HttpStatus.TOO_MANY_REQUESTS;
            case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
        };
    }
}
