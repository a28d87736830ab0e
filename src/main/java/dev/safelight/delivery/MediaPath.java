package dev.safelight.delivery;

import dev.safelight.asset.BlobKey;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where a stored variant is found by URL: `/media/{type}/{assetId}/v{n}/{file}` for the key
/// `processed/{type}/{assetId}/v{n}/{file}`.
///
/// The grammar has no escapes, so each variant has exactly one path, and nothing that needs decoding is one.
final class MediaPath {
    static final String ROOT = "/media/";

    private static final Pattern FORM = Pattern.compile("(image|video|document)"
            + "/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
            + "/v[1-9][0-9]{0,8}"
            + "/[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");

    private MediaPath() {}

    /// The key that a raw (not decoded) path stands for, or empty when no variant can be there.
    static Optional<String> toKey(String path) {
        if (!path.startsWith(ROOT)) {
            return Optional.empty();
        }
        String rest = path.substring(ROOT.length());
        return FORM.matcher(rest).matches() ? Optional.of(BlobKey.VARIANTS + rest) : Optional.empty();
    }

    /// The path of a variant's key.
    static String ofKey(String key) {
        if (!key.startsWith(BlobKey.VARIANTS)) {
            throw new IllegalArgumentException("not the key of a variant: " + key);
        }
        return ROOT + key.substring(BlobKey.VARIANTS.length());
    }
}
