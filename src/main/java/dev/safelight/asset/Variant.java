package dev.safelight.asset;

/// A stored derivative of one version of an asset.
///
/// @param name the entry of the profile it was made by, such as `medium`
/// @param bytes its size
/// @param etag a strong entity tag without quotes: the SHA-256 of the bytes, shortened
/// @param recipe a hash of everything that shaped it, so that a changed preset is noticed
public record Variant(
        String name, MediaType format, int width, int height, long bytes, BlobKey key, String etag, String recipe) {}
