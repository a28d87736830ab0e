package dev.safelight.catalog;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Moderation;
import dev.safelight.asset.Status;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A version of an asset with what the catalogue knows beside it.
///
/// @param owner the API key that uploaded it
/// @param moderationReason in the words of whoever decided
/// @param metadata as the uploader gave it
/// @param startedAt when a worker took it up: while PROCESSING, it waits for one until then
/// @param endedAt when the version became READY, REJECTED or FAILED
/// @param focalPointByHand whether somebody set the focal point that is among the facts
/// @param isCurrent whether the addresses of the asset lead to this version, as far as it may be delivered
/// @param versions how many the asset has
/// @param account the application's id of the end user that it belongs to, if it named one
/// @param deletion null as long as the asset is not deleted
public record CatalogEntry(
        AssetVersion version,
        UUID owner,
        Moderation moderation,
        @Nullable String moderationReason,
        Map<String, String> metadata,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        boolean focalPointByHand,
        boolean isCurrent,
        int versions,
        @Nullable String account,
        @Nullable Deletion deletion) {
    /// What a version `v` of an asset `a` of an account `c`, if it has one, must be like to be delivered; the same as
    /// [#isDeliverable()], and the only place beside it that says so.
    static final String DELIVERABLE = "v.status = 'READY' and v.moderation = 'approved' and " + Deletions.LIVE;

    public CatalogEntry {
        metadata = Map.copyOf(metadata);
    }

    /// An entry of an only version, with the focal point that was computed.
    public CatalogEntry(
            AssetVersion version,
            UUID owner,
            Moderation moderation,
            @Nullable String moderationReason,
            Map<String, String> metadata,
            Instant createdAt,
            @Nullable Instant endedAt) {
        this(
                version,
                owner,
                moderation,
                moderationReason,
                metadata,
                createdAt,
                null,
                endedAt,
                false,
                true,
                1,
                null,
                null);
    }

    /// Whether the version may be seen outside of the API, and addresses be given out for it.
    public boolean isDeliverable() {
        return version.status() == Status.READY && moderation == Moderation.APPROVED && !isDeleted();
    }

    /// Whether the asset is deleted, and with it all of its versions.
    public boolean isDeleted() {
        return deletion != null;
    }
}
