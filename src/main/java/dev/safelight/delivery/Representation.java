package dev.safelight.delivery;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Variant;
import dev.safelight.catalog.Deliverable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// What HTTP needs to know of a variant to answer for it, in the sense of RFC 9110 §3.2.
///
/// @param key where the bytes are stored
/// @param etag a strong entity tag with its quotes
/// @param lastModified to the second, as HTTP knows no finer one
/// @param shared whether anybody may have it, and any cache may keep it
record Representation(BlobKey key, MediaType type, long bytes, String etag, Instant lastModified, boolean shared) {

    static Representation of(Deliverable deliverable) {
        Variant variant = deliverable.variant();
        boolean shared = switch (deliverable.space()) {
            case PRODUCT, MARKETING -> true;
            case USER -> false;
        };
        return new Representation(
                variant.object(),
                variant.format(),
                variant.bytes(),
                '"' + variant.etag() + '"',
                deliverable.lastModified().truncatedTo(ChronoUnit.SECONDS),
                shared);
    }
}
