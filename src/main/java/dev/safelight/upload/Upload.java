package dev.safelight.upload;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.VersionId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A granted upload, as the ledger knows it.
///
/// @param version the asset version that its bytes become
/// @param requestHash tells whether a repeated idempotency key comes with the same request
/// @param contentType exactly as it was granted
record Upload(
        UUID id,
        VersionId version,
        UUID owner,
        @Nullable String idempotencyKey,
        String requestHash,
        BlobKey key,
        String contentType,
        long bytes,
        State state,
        Instant createdAt,
        Instant expiresAt) {

    /// Where an upload stands.
    enum State {
        PENDING,
        RECEIVED,
        EXPIRED
    }
}
