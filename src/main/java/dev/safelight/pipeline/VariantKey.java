package dev.safelight.pipeline;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.MediaType;
import dev.safelight.image.VariantSpec;

/// Names variants: `processed/{type}/{assetId}/v{version}/{variant}-{width}w.{ext}`.
///
/// This is also where the public finds them. One that is made again is stored at `…/{variant}-{width}w.{recipe}.{ext}`,
/// beside the one that it replaces.
final class VariantKey {
    private VariantKey() {}

    static BlobKey of(AssetVersion version, String variant, int width, MediaType format) {
        String key = "%s%s-%dw.%s".formatted(prefix(version), variant, width, format.extension());
        return new BlobKey(Bucket.ofVariants(version.space()), key);
    }

    /// Where a variant is stored that is made again.
    ///
    /// @param key where the public finds it
    static BlobKey madeAgain(BlobKey key, VariantSpec spec) {
        int dot = key.key().lastIndexOf('.');
        String object =
                key.key().substring(0, dot) + "." + spec.recipe() + key.key().substring(dot);
        return new BlobKey(key.bucket(), object);
    }

    /// What the keys of all variants of a version start with.
    static String prefix(AssetVersion version) {
        String kind = version.original().declaredType().kind().text();
        return BlobKey.VARIANTS + "%s/%s/v%d/".formatted(kind, version.id(), version.version());
    }
}
