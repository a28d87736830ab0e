package dev.safelight.asset;

import java.util.Locale;
import java.util.stream.Stream;

/// Why an asset is not deliverable, or a request was refused, as a word that programs can switch on. [#PARTS_MISSING]
/// and [#LIMIT_REACHED] stand in problems only.
public enum Reason {
    /// The bytes are damaged or cannot be decoded.
    CORRUPT,
    /// More bytes, pixels or frames than the policy of the space allows.
    TOO_LARGE,
    /// The content is not what the name or the declared type promised.
    TYPE_MISMATCH,
    /// The content carries script or reaches out to other resources.
    ACTIVE_CONTENT,
    /// A format, or a shape of it, that is not processed.
    UNSUPPORTED,
    /// No bytes at all.
    EMPTY,
    /// A password is needed to read it.
    ENCRYPTED,
    /// The stored object does not have the promised size.
    SIZE_MISMATCH,
    /// The stored object does not have the promised SHA-256.
    CHECKSUM_MISMATCH,
    /// The grant expired before any bytes arrived.
    UPLOAD_EXPIRED,
    /// The upload was given up before its bytes arrived.
    UPLOAD_ABORTED,
    /// Parts of the upload are missing, or do not have the size that was agreed on.
    PARTS_MISSING,
    /// The key or the session has used what it was given: bytes, uploads at a time, or grants in a minute.
    LIMIT_REACHED,
    /// The original is gone, or was replaced after it was received.
    ORIGINAL_LOST,
    /// Processing was tried as often as the retry policy allows.
    RETRIES_EXHAUSTED,
    /// The asset was deleted before the version was READY.
    DELETED,
    /// A defect in Safelight; the job holds the details.
    INTERNAL;

    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Reads what [#text()] wrote.
    public static Reason parse(String text) {
        return Stream.of(values())
                .filter(reason -> reason.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no reason is called " + text));
    }

    @Override
    public String toString() {
        return text();
    }
}
