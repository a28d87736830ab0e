package dev.safelight.pipeline;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.MediaType;

/// Names variants: `processed/{type}/{assetId}/v{version}/{variant}-{width}w.{ext}`.
final class VariantKey {
    private VariantKey() {}

    static BlobKey of(AssetVersion version, String variant, int width, MediaType format) {
        String key = "%s%s-%dw.%s".formatted(prefix(version), variant, width, format.extension());
        return new BlobKey(Bucket.ofVariants(version.space()), key);
    }

    /// What the keys of all variants of a version start with.
    static String prefix(AssetVersion version) {
        String kind = version.original().declaredType().kind().text();
        return "processed/%s/%s/v%d/".formatted(kind, version.id(), version.version());
    }
}
