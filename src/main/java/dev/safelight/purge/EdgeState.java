package dev.safelight.purge;

/// How a purge stands with one edge.
public enum EdgeState {
    WAITING,
    /// It failed, and is tried again: for a reason that may pass, or because it must not be given up.
    RETRYING,
    DONE,
    /// It failed for a reason that somebody has to remove, or too often.
    FAILED;

    boolean isOpen() {
        return this == WAITING || this == RETRYING;
    }
}
