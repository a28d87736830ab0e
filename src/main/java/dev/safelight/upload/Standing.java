package dev.safelight.upload;

import dev.safelight.asset.Rejection;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import org.jspecify.annotations.Nullable;

/// How an upload stands, as its sender wants to know it.
///
/// @param status of the asset version that it becomes
/// @param isStarted whether a worker took the version up
/// @param bytes the exact size; the largest allowed as long as that is all that is known
/// @param partBytes what the store had of it, in parts, when it was last asked
/// @param isShared whether the original is another upload's, since the bytes are the same
record Standing(
        Upload upload,
        Space space,
        String fileName,
        Status status,
        boolean isStarted,
        @Nullable Rejection rejection,
        long bytes,
        long partBytes,
        boolean isShared) {

    static Standing ofNew(Upload upload, Space space, String fileName) {
        boolean isShared = upload.state() == Upload.State.RECEIVED;
        Status status = isShared ? Status.PROCESSING : Status.PENDING;
        return new Standing(
                upload, space, fileName, status, false, null, upload.promise().bytes(), 0, isShared);
    }

    /// PENDING, RECEIVED, PROCESSING, READY, REJECTED or FAILED.
    String word() {
        return status == Status.PROCESSING && !isStarted ? "RECEIVED" : status.name();
    }

    boolean isFinal() {
        return status.isFinal();
    }

    boolean hasArrived() {
        return upload.state() == Upload.State.RECEIVED;
    }

    long receivedBytes() {
        return hasArrived() ? bytes : partBytes;
    }
}
