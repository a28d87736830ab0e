package dev.safelight.store;

import dev.safelight.asset.BlobKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What the store knows about an object.
///
/// @param etag the entity tag without quotes
/// @param contentType as it was stored; null in listings
public record StoredObject(
        BlobKey key, long bytes, String etag, @Nullable String contentType, Instant lastModified) {}
