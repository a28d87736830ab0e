package dev.safelight.image;

import dev.safelight.asset.MediaType;

/// One entry of a profile: what to make of an original.
///
/// @param name lower-case letters, digits and dashes; together with the format unique in a profile
/// @param format JPEG, PNG, WEBP or AVIF
/// @param fit how the picture meets the box
/// @param width of the box in pixels, 1 to 16384; 0 for no limit
/// @param height of the box in pixels, 1 to 16384; 0 for no limit
/// @param quality 1 to 100, on the scale of the encoder
/// @param effort of the encoder: WEBP 0 to 6, AVIF 0 to 9, ignored by the others
public record VariantSpec(String name, MediaType format, Fit fit, int width, int height, int quality, int effort) {

    /// How a picture meets a box of another shape; it is never enlarged.
    public enum Fit {
        /// As large as fits into the box.
        INSIDE,
        /// Fills the box exactly, cut around the middle.
        COVER
    }
}
