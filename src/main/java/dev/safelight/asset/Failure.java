package dev.safelight.asset;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A failure that was foreseen: its kind decides the status of the answer, its message is written for the
/// caller.
///
/// A rejected upload is a result and not a failure, see [Rejection].
public final class Failure extends RuntimeException {

    /// What went wrong, seen from the caller.
    public enum Kind {
        INVALID,
        UNAUTHENTICATED,
        FORBIDDEN,
        NOT_FOUND,
        CONFLICT,
        TOO_LARGE,
        UNSUPPORTED,
        /// It is lost, and asking again does not help.
        UNREADABLE,
        BUSY,
        UNAVAILABLE
    }

    private final Kind kind;
    private final @Nullable Reason reason;
    private final @Nullable Duration retryAfter;

    public Failure(Kind kind, String message) {
        this(kind, null, message, null, null);
    }

    public Failure(Kind kind, Reason reason, String message) {
        this(kind, reason, message, null, null);
    }

    public Failure(Kind kind, String message, Throwable cause) {
        this(kind, null, message, null, cause);
    }

    private Failure(
            Kind kind,
            @Nullable Reason reason,
            String message,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    /// A limit that gives way by itself.
    ///
    /// @param retryAfter when the same request may be granted, counted from now
    public static Failure busyFor(Duration retryAfter, Reason reason, String message) {
        return new Failure(Kind.BUSY, reason, message, retryAfter, null);
    }

    public Kind kind() {
        return kind;
    }

    /// The reason as a word, when there is one: what the asset would have been rejected with, or which limit
    /// or state refuses the request.
    public @Nullable Reason reason() {
        return reason;
    }

    /// How long to wait before the same is asked again, where that is known; of BUSY and UNAVAILABLE only.
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    public String publicMessage() {
        return String.valueOf(getMessage());
    }
}
