package dev.safelight.upload;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a client asks a grant for.
///
/// @param fileName for people and for the extension; 1 to 255 characters, no slashes or control characters
/// @param contentType the media type the client will send
/// @param size the exact size in bytes
/// @param space `product` (default), `user` or `marketing`
/// @param sha256 of the bytes, 64 hexadecimal digits; when given, other bytes are rejected
/// @param metadata up to 32 entries of text that stay with the asset, such as `alt`
/// @param idempotencyKey the same key gives the same upload; may be sent as header `Idempotency-Key` instead
record UploadRequest(
        @NotNull(message = "is needed")
        @Size(min = 1, max = 255, message = "must have 1 to 255 characters")
        @Pattern(regexp = "[^/\\\\\\p{Cc}\\p{Cs}]*", message = "must not hold slashes, control or half characters")
        String fileName,

        @NotNull(message = "is needed") @Size(max = 127, message = "must have at most 127 characters")
        String contentType,

        @NotNull(message = "is needed") Long size,
        @Nullable String space,

        @Nullable @Pattern(regexp = "[0-9a-fA-F]{64}", message = "must be 64 hexadecimal digits")
        String sha256,

        @Nullable @Size(max = 32, message = "must have at most 32 entries")
        Map<
                        @Size(min = 1, max = 64, message = "keys must have 1 to 64 characters")
                        @Pattern(regexp = UploadRequest.STORABLE, message = UploadRequest.NOT_STORABLE) String,
                        @NotNull @Size(max = 1024, message = "values must have at most 1024 characters")
                        @Pattern(regexp = UploadRequest.STORABLE, message = UploadRequest.NOT_STORABLE) String>
                metadata,

        @Nullable
        @Size(min = 1, max = 128, message = "must have 1 to 128 characters")
        @Pattern(regexp = STORABLE, message = NOT_STORABLE)
        String idempotencyKey) {

    /// PostgreSQL keeps neither U+0000 nor half of a surrogate pair.
    private static final String STORABLE = "[^\\x00\\p{Cs}]*";

    private static final String NOT_STORABLE = "must not hold null or half characters";

    UploadRequest withIdempotencyKey(@Nullable String key) {
        return new UploadRequest(fileName, contentType, size, space, sha256, metadata, key);
    }
}
