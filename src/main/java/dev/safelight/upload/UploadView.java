package dev.safelight.upload;

import dev.safelight.asset.Rejection;
import dev.safelight.store.DirectUpload;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An upload as clients see it.
///
/// @param version of the asset that it becomes
/// @param key of the object that the bytes become; the server chose it
/// @param status PENDING, RECEIVED, PROCESSING, READY, REJECTED or FAILED
/// @param size in bytes; absent as long as it is not known
/// @param receivedBytes what has arrived; of parts, what the store had when it was last asked
/// @param expiresAt when the upload ends unless its bytes come or it is extended
/// @param deduplicated whether nothing is to be sent, because an equal original was there
/// @param grant how to send the bytes; absent when there are none to send
record UploadView(
        UUID uploadId,
        UUID assetId,
        int version,
        String key,
        String fileName,
        String status,
        @Nullable String reason,
        @Nullable String detail,
        @Nullable Long size,
        long receivedBytes,
        Instant expiresAt,
        @Nullable Boolean deduplicated,
        @Nullable GrantView grant) {

    static UploadView of(Standing standing) {
        return of(standing, null);
    }

    static UploadView of(Standing standing, Grants.@Nullable Grant grant) {
        Upload upload = standing.upload();
        Rejection rejection = standing.rejection();
        boolean sizeKnown = standing.hasArrived() || upload.promise().sizeKnown();
        return new UploadView(
                upload.id(),
                upload.version().asset().value(),
                upload.version().version(),
                upload.key().key(),
                standing.fileName(),
                standing.word(),
                rejection == null ? null : rejection.reason().text(),
                rejection == null ? null : rejection.detail(),
                sizeKnown ? standing.bytes() : null,
                standing.receivedBytes(),
                upload.expiresAt(),
                standing.isShared() ? true : null,
                grant == null ? null : GrantView.of(grant, upload.expiresAt()));
    }

    /// How to send the bytes.
    ///
    /// With `POST`, send a multipart form with these fields in this order, then the file as field `file`. With
    /// `PUT`, send the bytes with these headers. With `MULTIPART`, send each part to its URL, then
    /// `POST …/complete`; parts without a URL, or with one that expired, are signed by `POST …/parts`.
    ///
    /// @param partBytes the size of every part but the last
    record GrantView(
            String method,
            @Nullable URI url,
            @Nullable Map<String, String> fields,
            @Nullable Map<String, String> headers,
            @Nullable Long partBytes,
            @Nullable Integer partCount,
            @Nullable List<PartView> parts,
            Instant expiresAt) {

        static GrantView of(Grants.Grant grant, Instant uploadExpires) {
            return switch (grant) {
                case Grants.Grant.Form(var post) ->
                    new GrantView("POST", post.url(), post.fields(), null, null, null, null, post.expires());
                case Grants.Grant.Put(var put) ->
                    new GrantView("PUT", put.url(), null, put.headers(), null, null, null, put.expires());
                case Grants.Grant.Parts(PartPlan plan, var first) ->
                    new GrantView(
                            "MULTIPART",
                            null,
                            null,
                            null,
                            plan.partBytes(),
                            plan.count(),
                            first.stream().map(part -> PartView.of(part, plan)).toList(),
                            first.isEmpty() ? uploadExpires : first.getFirst().expires());
            };
        }

        @Override
        public String toString() {
            return "GrantView[" + method + ", until " + expiresAt + "]";
        }
    }

    /// Where a part is sent, as the body of a PUT.
    ///
    /// @param bytes its exact size; absent when the client chooses it
    record PartView(int partNumber, @Nullable Long bytes, URI url) {
        static PartView of(DirectUpload.PartGrant part, PartPlan plan) {
            OptionalLong bytes = plan.sizeOf(part.number());
            return new PartView(part.number(), bytes.isPresent() ? bytes.getAsLong() : null, part.url());
        }

        @Override
        public String toString() {
            return "PartView[" + partNumber + "]";
        }
    }
}
