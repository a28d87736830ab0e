package dev.safelight.access;

import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A short-lived permission to upload that a web page can hold: it acts for the key that made it and can
/// only do less.
///
/// @param space the only one that it uploads to
/// @param types the content types it may bring, of those that the space takes; null for all of them
/// @param maxBytes the largest file; null for what the space takes
/// @param maxUploads how many uploads it may begin in all
/// @param account the application's id of the end user whose uploads these are; null for none
/// @param metadata kept with each asset; a page cannot change these entries
public record UploadSession(
        UUID id,
        Space space,
        @Nullable Set<MediaType> types,
        @Nullable Long maxBytes,
        int maxUploads,
        Map<String, String> metadata,
        @Nullable String account,
        Instant expiresAt) {

    public UploadSession {
        types = types == null ? null : Set.copyOf(types);
        metadata = Map.copyOf(metadata);
    }

    /// A session for uploads of no end user.
    public UploadSession(
            UUID id,
            Space space,
            @Nullable Set<MediaType> types,
            @Nullable Long maxBytes,
            int maxUploads,
            Map<String, String> metadata,
            Instant expiresAt) {
        this(id, space, types, maxBytes, maxUploads, metadata, null, expiresAt);
    }
}
