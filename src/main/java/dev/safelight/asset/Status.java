package dev.safelight.asset;

/// Where a version of an asset stands on its way from grant to delivery.
public enum Status {
    /// An upload was granted; the bytes have not arrived or were not verified yet.
    PENDING,
    /// The original is stored and verified; its variants are being made.
    PROCESSING,
    /// All variants are stored and may be delivered.
    READY,
    /// The content was refused; nothing of it is ever delivered.
    REJECTED,
    /// Processing ended without a verdict on the content: the reason says why, and a retry may succeed.
    FAILED;

    /// Whether the status is the end of a run: only a retry or a new version leaves it.
    public boolean isFinal() {
        return switch (this) {
            case PENDING, PROCESSING -> false;
            case READY, REJECTED, FAILED -> true;
        };
    }
}
