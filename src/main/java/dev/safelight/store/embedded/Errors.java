package dev.safelight.store.embedded;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EofException;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/// Turns what a request may throw into the error that S3 would answer with.
final class Errors {
    private static final List<String> HEADERS = List.of("ETag", "Allow");

    private Errors() {}

    static AwsServiceException of(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof AwsServiceException known) {
                return known;
            }
            if (t instanceof TimeoutException) {
                return StoreError.REQUEST_TIMEOUT.with("The request body did not arrive in time.");
            }
            if (t instanceof IOException && isFull(t)) {
                return StoreError.INSUFFICIENT_STORAGE.with("The disk of the store is full.");
            }
            if (t instanceof EofException) {
                return StoreError.INCOMPLETE_BODY.with("The request body ended too early.");
            }
        }
        if (thrown instanceof UnsupportedOperationException) {
            return StoreError.NOT_IMPLEMENTED.with("This operation is not supported.");
        }
        if (thrown instanceof IllegalArgumentException) {
            return StoreError.INVALID_ARGUMENT.with("The request is not valid.");
        }
        return StoreError.INTERNAL_ERROR.with("The store failed.");
    }

    /// Refusals under load are many, and say nothing about the store that its operator could mend.
    static boolean isOurFault(AwsServiceException error) {
        return error.statusCode() >= 500
                && error.statusCode() != StoreError.SLOW_DOWN.status()
                && error.statusCode() != StoreError.NOT_IMPLEMENTED.status();
    }

    /// The JDK has no type of exception for it, only the system's words.
    private static boolean isFull(Throwable t) {
        String message = String.valueOf(t.getMessage());
        return message.contains("No space left on device") || message.contains("Disk quota exceeded");
    }

    /// S3Proxy gives the failed condition of a read a bare 412, which HTTP wants to be 304.
    static boolean isNotModified(HttpServletRequest request, AwsServiceException error) {
        return error.statusCode() == 412
                && (request.getMethod().equals("GET") || request.getMethod().equals("HEAD"))
                && request.getHeader("If-Match") == null
                && request.getHeader("If-Unmodified-Since") == null;
    }

    static String code(AwsServiceException error) {
        String code = S3Exceptions.errorCode(error);
        if (code != null) {
            return code;
        }
        return switch (error.statusCode()) {
            case 400 -> "BadDigest";
            case 403 -> "AccessDenied";
            case 404 -> "NoSuchKey";
            case 412 -> "PreconditionFailed";
            case 416 -> "InvalidRange";
            default -> "InternalError";
        };
    }

    static String message(AwsServiceException error) {
        return Optional.ofNullable(error.awsErrorDetails())
                .map(details -> details.errorMessage())
                .orElse(code(error));
    }

    static Map<String, String> headers(AwsServiceException error) {
        Map<String, String> headers = new TreeMap<>();
        var response = S3Exceptions.httpResponse(error);
        if (response != null) {
            for (String name : HEADERS) {
                response.firstMatchingHeader(name).ifPresent(value -> headers.put(name, value));
            }
        }
        return headers;
    }
}
