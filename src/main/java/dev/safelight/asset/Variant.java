package dev.safelight.asset;

/// A stored derivative of one version of an asset.
///
/// @param name the entry of the profile it was made by, such as `medium`
/// @param bytes its size
/// @param key where the public finds it; stays the same however often it is made again
/// @param object where its bytes are stored; another one each time that it is made with another recipe
/// @param etag a strong entity tag without quotes: the SHA-256 of the bytes, shortened
/// @param recipe a hash of everything that shaped it, so that a changed preset is noticed
public record Variant(
        String name,
        MediaType format,
        int width,
        int height,
        long bytes,
        BlobKey key,
        BlobKey object,
        String etag,
        String recipe) {

    /// A variant that is stored where the public finds it.
    public Variant(
            String name, MediaType format, int width, int height, long bytes, BlobKey key, String etag, String recipe) {
        this(name, format, width, height, bytes, key, key, etag, recipe);
    }

    /// What it is called within its version. Another one bears both only after the profile changed its width.
    public Slot slot() {
        return new Slot(name, format);
    }

    /// The place of a variant within a profile.
    public record Slot(String name, MediaType format) {}
}
