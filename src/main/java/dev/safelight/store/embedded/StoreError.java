package dev.safelight.store.embedded;

import dev.safelight.store.s3.S3Settings;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// The errors of the S3 protocol that this store answers with, by their standard codes where there are.
enum StoreError {
    ACCESS_DENIED("AccessDenied", 403),
    BAD_DIGEST("BadDigest", 400),
    ENTITY_TOO_LARGE("EntityTooLarge", 400),
    ENTITY_TOO_SMALL("EntityTooSmall", 400),
    INCOMPLETE_BODY("IncompleteBody", 400),
    INSUFFICIENT_STORAGE("InsufficientStorage", 507),
    INTERNAL_ERROR("InternalError", 500),
    INVALID_ACCESS_KEY("InvalidAccessKeyId", 403),
    INVALID_ARGUMENT("InvalidArgument", 400),
    INVALID_PART("InvalidPart", 400),
    INVALID_PART_ORDER("InvalidPartOrder", 400),
    INVALID_RANGE("InvalidRange", 416),
    INVALID_POLICY("InvalidPolicyDocument", 400),
    INVALID_TAG("InvalidTag", 400),
    KEY_TOO_LONG("KeyTooLongError", 400),
    MALFORMED_POST("MalformedPOSTRequest", 400),
    MALFORMED_XML("MalformedXML", 400),
    METADATA_TOO_LARGE("MetadataTooLarge", 400),
    METHOD_NOT_ALLOWED("MethodNotAllowed", 405),
    MISSING_LENGTH("MissingContentLength", 411),
    NO_SUCH_BUCKET("NoSuchBucket", 404),
    NO_SUCH_KEY("NoSuchKey", 404),
    NO_SUCH_UPLOAD("NoSuchUpload", 404),
    NOT_IMPLEMENTED("NotImplemented", 501),
    PART_TOO_LARGE("EntityTooLarge", 413),
    PRECONDITION_FAILED("PreconditionFailed", 412),
    REQUEST_TIMEOUT("RequestTimeout", 400),
    SIGNATURE_MISMATCH("SignatureDoesNotMatch", 403),
    SLOW_DOWN("SlowDown", 503),
    TIME_SKEWED("RequestTimeTooSkewed", 403),
    /// None of S3's, which has no such case; not one of 500, which clients try again.
    UNREADABLE(S3Settings.UNREADABLE, 422),
    WRONG_HASH("XAmzContentSHA256Mismatch", 400);

    private final String code;
    private final int status;

    StoreError(String code, int status) {
        this.code = code;
        this.status = status;
    }

    String code() {
        return code;
    }

    int status() {
        return status;
    }

    /// The exception type that S3Proxy renders, so that our errors and its own take one way to the client.
    S3Exception with(String message) {
        return with(message, null);
    }

    S3Exception with(String message, @Nullable Throwable cause) {
        return (S3Exception) S3Exception.builder()
                .message(message)
                .cause(cause)
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build();
    }
}
