package dev.safelight.store.s3;

import dev.safelight.asset.Failure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// What the errors of a service mean: that something is not there, a refusal for good, or that trying again
/// may help.
final class S3Errors {
    private static final Set<String> REFUSALS = Set.of("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch");

    private S3Errors() {}

    static int status(SdkException e) {
        return e instanceof S3Exception s3 ? s3.statusCode() : 0;
    }

    /// The service's word for the error, empty when it sent none: a HEAD has no body.
    static String code(SdkException e) {
        String code = e instanceof S3Exception s3 && s3.awsErrorDetails() != null
                ? s3.awsErrorDetails().errorCode()
                : null;
        return code == null ? "" : code;
    }

    /// A missing bucket is a mistake in the configuration and must not look like a missing object.
    static boolean isMissing(SdkException e) {
        return status(e) == 404 && !code(e).equals("NoSuchBucket");
    }

    /// @return the exception for the caller to throw
    /// @throws Failure FORBIDDEN when the service refuses us for good, UNREADABLE when it has no key for the
    ///     object
    static IOException failed(String operation, Object key, RuntimeException e) {
        String what = "cannot " + operation + " " + key;
        if (e instanceof UncheckedIOException io) {
            return new IOException(what, io.getCause());
        }
        if (e instanceof AbortedException) {
            InterruptedIOException interrupted = new InterruptedIOException(what);
            interrupted.initCause(e);
            return interrupted;
        }
        if (e instanceof S3Exception s3 && isUnreadable(s3)) {
            throw new Failure(
                    Failure.Kind.UNREADABLE,
                    "What is stored cannot be read any more; the log of the store says why.",
                    e);
        }
        if (e instanceof S3Exception s3 && s3.statusCode() == 403 && isLasting(s3)) {
            throw new Failure(Failure.Kind.FORBIDDEN, what + ": the store refuses it", e);
        }
        return new IOException(what + ": " + e.getMessage(), e);
    }

    /// A clock that is wrong or a token that has expired is a 403 too, but not for good. A HEAD has no code.
    private static boolean isLasting(S3Exception e) {
        String code = code(e);
        return code.isEmpty() || REFUSALS.contains(code);
    }

    /// A HEAD has no code, and nothing else of a read is answered so.
    private static boolean isUnreadable(S3Exception e) {
        String code = code(e);
        return e.statusCode() == 422 && (code.isEmpty() || code.equals(S3Settings.UNREADABLE));
    }

    static String unquote(@Nullable String etag) {
        return etag == null ? "" : etag.replace("\"", "");
    }
}
