package dev.safelight.asset;

import org.jspecify.annotations.Nullable;

/// A failure that was foreseen: its kind decides the status of the answer, its message is written for the caller.
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
        BUSY,
        UNAVAILABLE
    }

    private final Kind kind;
    private final @Nullable Reason reason;

    public Failure(Kind kind, String message) {
        this(kind, null, message, null);
    }

    public Failure(Kind kind, Reason reason, String message) {
        this(kind, reason, message, null);
    }

    public Failure(Kind kind, String message, Throwable cause) {
        this(kind, null, message, cause);
    }

    private Failure(Kind kind, @Nullable Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.reason = reason;
    }

    public Kind kind() {
        return kind;
    }

    /// The reason that the asset would have been rejected with, when there is one.
    public @Nullable Reason reason() {
        return reason;
    }

    public String publicMessage() {
        return String.valueOf(getMessage());
    }
}
