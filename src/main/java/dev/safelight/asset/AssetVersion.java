package dev.safelight.asset;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything known about one version of an asset. Immutable: the steps of a pipeline return richer ones.
///
/// @param version 1 for the first upload to the asset
/// @param rejection set when the status is REJECTED or FAILED
public record AssetVersion(
        AssetId id,
        int version,
        Space space,
        Original original,
        Status status,
        @Nullable Rejection rejection,
        @Nullable Facts facts,
        List<Variant> variants) {

    /// The bytes as received; never changed.
    ///
    /// @param fileName the name the client gave, for people only
    /// @param declaredType the content type that the grant was bound to
    /// @param etag the entity tag of the stored object that was verified, or null before it arrived
    /// @param sha256 64 hexadecimal digits, when the client promised them
    public record Original(
            BlobKey key,
            String fileName,
            MediaType declaredType,
            long bytes,
            @Nullable String etag,
            @Nullable String sha256) {}

    public AssetVersion {
        variants = List.copyOf(variants);
    }

    public AssetVersion withFacts(Facts newFacts) {
        return new AssetVersion(id, version, space, original, status, rejection, newFacts, variants);
    }

    public AssetVersion withVariants(List<Variant> newVariants) {
        return new AssetVersion(id, version, space, original, status, rejection, facts, newVariants);
    }

    public AssetVersion withStatus(Status newStatus, @Nullable Rejection newRejection) {
        return new AssetVersion(id, version, space, original, newStatus, newRejection, facts, variants);
    }
}
