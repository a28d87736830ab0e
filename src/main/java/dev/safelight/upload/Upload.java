package dev.safelight.upload;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.VersionId;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A granted upload, as the ledger knows it.
///
/// @param version the asset version that its bytes become
record Upload(
        UUID id,
        VersionId version,
        Sender sender,
        BlobKey key,
        Promise promise,
        Transfer transfer,
        State state,
        Instant createdAt,
        Instant expiresAt) {

    /// Where an upload stands.
    enum State {
        PENDING,
        RECEIVED,
        EXPIRED,
        /// Given up by its sender: bytes that arrive all the same are not taken.
        ABORTED
    }

    /// Who asked for the grant.
    ///
    /// @param owner the API key that the asset belongs to
    /// @param requestHash tells whether a repeated idempotency key comes with the same request
    /// @param session the browser session it came by, if any
    /// @param clientKey the name that a browser's uploader made up for it
    record Sender(
            UUID owner,
            @Nullable String idempotencyKey,
            String requestHash,
            @Nullable UUID session,
            @Nullable String clientKey) {}

    /// What the bytes will be.
    ///
    /// @param contentType exactly as it was granted
    /// @param bytes the exact size, or the largest allowed when it is not known
    record Promise(String contentType, long bytes, boolean sizeKnown) {

        /// The exact size, where it was promised.
        OptionalLong exactBytes() {
            return sizeKnown ? OptionalLong.of(bytes) : OptionalLong.empty();
        }

        boolean isKeptBy(long arrived) {
            return sizeKnown ? arrived == bytes : arrived <= bytes;
        }
    }

    /// How the bytes travel.
    sealed interface Transfer {
        /// As a form that the store checks against a signed policy.
        record Form() implements Transfer {}

        /// As the body of one request.
        record Put() implements Transfer {}

        /// In parts that the store joins in the end.
        ///
        /// @param storeId the store's name of the upload; null until the store was asked for one
        record Parts(PartPlan plan, @Nullable String storeId) implements Transfer {}
    }

    boolean isOpen() {
        return state == State.PENDING;
    }

    Upload until(Instant expires) {
        return new Upload(id, version, sender, key, promise, transfer, State.PENDING, createdAt, expires);
    }

    Upload withTransfer(Transfer changed) {
        return new Upload(id, version, sender, key, promise, changed, state, createdAt, expiresAt);
    }
}
