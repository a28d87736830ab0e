package dev.safelight.asset;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Everything known about one version of an asset. Immutable: the steps of a pipeline return richer ones.
///
/// @param version 1 for the first upload to the asset
/// @param rejection set when the status is REJECTED or FAILED
/// @param variants what is delivered
/// @param mezzanines what other pictures are made from on request; never delivered themselves
public record AssetVersion(
        AssetId id,
        int version,
        Space space,
        Original original,
        Status status,
        @Nullable Rejection rejection,
        @Nullable Facts facts,
        List<Variant> variants,
        List<Variant> mezzanines) {

    /// The bytes as received; never changed.
    ///
    /// @param fileName the name the client gave, for people only
    /// @param declaredType the content type that the grant was bound to
    /// @param etag the entity tag of the stored object that was verified, or null before it arrived
    /// @param sha256 64 hexadecimal digits: as the client promised them, if it did, and of the bytes
    ///     themselves once the version is READY
    /// @param limits beside those of its space
    public record Original(
            BlobKey key,
            String fileName,
            MediaType declaredType,
            long bytes,
            @Nullable String etag,
            @Nullable String sha256,
            ContentLimits limits) {

        /// An original that only the limits of its space hold for.
        public Original(
                BlobKey key,
                String fileName,
                MediaType declaredType,
                long bytes,
                @Nullable String etag,
                @Nullable String sha256) {
            this(key, fileName, declaredType, bytes, etag, sha256, ContentLimits.NONE);
        }

        /// The same bytes under another name and other limits.
        public Original as(String newName, ContentLimits newLimits) {
            return new Original(key, newName, declaredType, bytes, etag, sha256, newLimits);
        }

        public Original withSha256(String newSha256) {
            return new Original(key, fileName, declaredType, bytes, etag, newSha256, limits);
        }
    }

    public AssetVersion {
        variants = List.copyOf(variants);
        mezzanines = List.copyOf(mezzanines);
    }

    /// A version without mezzanines.
    public AssetVersion(
            AssetId id,
            int version,
            Space space,
            Original original,
            Status status,
            @Nullable Rejection rejection,
            @Nullable Facts facts,
            List<Variant> variants) {
        this(id, version, space, original, status, rejection, facts, variants, List.of());
    }

    public AssetVersion withOriginal(Original newOriginal) {
        return new AssetVersion(id, version, space, newOriginal, status, rejection, facts, variants, mezzanines);
    }

    public AssetVersion withFacts(Facts newFacts) {
        return new AssetVersion(id, version, space, original, status, rejection, newFacts, variants, mezzanines);
    }

    public AssetVersion withVariants(List<Variant> newVariants) {
        return new AssetVersion(id, version, space, original, status, rejection, facts, newVariants, mezzanines);
    }

    public AssetVersion withMezzanines(List<Variant> newMezzanines) {
        return new AssetVersion(id, version, space, original, status, rejection, facts, variants, newMezzanines);
    }

    public AssetVersion withStatus(Status newStatus, @Nullable Rejection newRejection) {
        return new AssetVersion(id, version, space, original, newStatus, newRejection, facts, variants, mezzanines);
    }

    /// Everything that was made of the original: what is delivered, then what is not.
    public List<Variant> derivatives() {
        return Stream.concat(variants.stream(), mezzanines.stream()).toList();
    }
}
