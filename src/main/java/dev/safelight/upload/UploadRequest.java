package dev.safelight.upload;

import dev.safelight.asset.Account;
import dev.safelight.asset.Failure;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a client asks a grant for.
///
/// @param fileName for people and for the extension; 1 to 255 characters, no slashes or control characters
/// @param contentType the media type the client will send
/// @param size the exact size in bytes; only a form POST can do without, and then takes at most what
///     the space does
/// @param space `product` (default), `user` or `marketing`
/// @param sha256 of the bytes, 64 hexadecimal digits; when given, other bytes are rejected
/// @param metadata up to 32 entries of text that stay with the asset, such as `alt`
/// @param idempotencyKey the same key gives the same upload; may be sent as header `Idempotency-Key` instead
/// @param assetId the asset that gets a new version; null for a new asset
/// @param sku the article that the asset is for; kept as the metadata entry of this name, like `part` and `role`
/// @param part the part of an article that the asset is for
/// @param role what the asset is to its article, such as `hero`
/// @param method `post`, `put` or `multipart`; by size when null
/// @param width in pixels, if the client knows it: what is too large is then refused before it is sent
/// @param height in pixels
/// @param duration of a video in seconds
/// @param account the application's own id of the end user that the asset belongs to: 1 to 128 printable ASCII
///     characters without spaces and `/ \ % ;`. By it, all of the user's assets can be listed and erased
record UploadRequest(
        @NotNull(message = "is needed")
        @Size(min = 1, max = 255, message = "must have 1 to 255 characters")
        @Pattern(
                regexp = "(?=.*\\S)[^/\\\\\\p{Cc}\\p{Cs}]*",
                message = "must not be blank or hold slashes, control or half characters")
        String fileName,

        @NotNull(message = "is needed") @Size(max = 127, message = "must have at most 127 characters")
        String contentType,

        @Nullable Long size,
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
        String idempotencyKey,

        @Nullable String assetId,

        @Nullable @Size(max = 128, message = TOO_LONG) @Pattern(regexp = WORD, message = NO_WORD)
        String sku,

        @Nullable @Size(max = 128, message = TOO_LONG) @Pattern(regexp = WORD, message = NO_WORD)
        String part,

        @Nullable @Size(max = 128, message = TOO_LONG) @Pattern(regexp = WORD, message = NO_WORD)
        String role,

        @Nullable @Pattern(regexp = "post|put|multipart", message = "must be post, put or multipart")
        String method,

        @Nullable @Positive(message = POSITIVE) Long width,
        @Nullable @Positive(message = POSITIVE) Long height,
        @Nullable @Positive(message = POSITIVE) Double duration,

        @Nullable @Pattern(regexp = Account.FORM, message = Account.NOT_OF_FORM)
        String account) {

    /// PostgreSQL keeps neither U+0000 nor half of a surrogate pair.
    private static final String STORABLE = "[^\\x00\\p{Cs}]*";

    private static final String NOT_STORABLE = "must not hold null or half characters";
    private static final String WORD = "[^/\\p{Cntrl}\\p{Cs}]*[^/\\p{Cntrl}\\p{Cs}\\s][^/\\p{Cntrl}\\p{Cs}]*";
    private static final String NO_WORD = "must not be blank or hold slashes, control or half characters";
    private static final String TOO_LONG = "must have at most 128 characters";
    private static final String POSITIVE = "must be positive";
    private static final int MOST_METADATA = 32;
    private static final int LONGEST_WORD = 128;

    UploadRequest withIdempotencyKey(@Nullable String key) {
        return new UploadRequest(
                fileName,
                contentType,
                size,
                space,
                sha256,
                metadata,
                key,
                assetId,
                sku,
                part,
                role,
                method,
                width,
                height,
                duration,
                account);
    }

    /// The entries that stay with the asset, with the article among them.
    ///
    /// @throws Failure INVALID when an entry is said twice in different words, or there are too many
    Map<String, String> wholeMetadata() {
        Map<String, String> whole = new TreeMap<>(metadata == null ? Map.of() : metadata);
        add(whole, "sku", sku);
        add(whole, "part", part);
        add(whole, "role", role);
        requireWords(whole);
        if (whole.size() > MOST_METADATA) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "metadata must have at most %d entries, sku, part and role included.".formatted(MOST_METADATA));
        }
        return whole;
    }

    /// An article is found by these, in addresses too, so they are words wherever they are said.
    static void requireWords(Map<String, String> metadata) {
        for (String name : new String[] {"sku", "part", "role"}) {
            String value = metadata.get(name);
            if (value != null && (value.length() > LONGEST_WORD || !value.matches(WORD))) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "metadata.%s %s, and have at most %d characters.".formatted(name, NO_WORD, LONGEST_WORD));
            }
        }
    }

    private static void add(Map<String, String> whole, String name, @Nullable String value) {
        String other = value == null ? null : whole.put(name, value);
        if (other != null && !other.equals(value)) {
            throw new Failure(
                    Failure.Kind.INVALID, "%s and metadata.%s say different things: give one.".formatted(name, name));
        }
    }
}
