package dev.safelight.image;

import dev.safelight.asset.MediaType;

/// What the header of a picture says.
///
/// @param width in pixels as displayed, after orientation
/// @param height in pixels as displayed, after orientation
/// @param frames 1 for a still, else the frames of an animation or the pages of a TIFF
/// @param depth bits of a sample: 8, or 16 for everything deeper
/// @param cmyk whether the colours are printing inks
/// @param orientation of EXIF, 1 to 8; 1 where the decoder turns the picture itself
public record Probe(
        MediaType mediaType,
        int width,
        int height,
        int frames,
        boolean hasAlpha,
        int depth,
        boolean cmyk,
        int orientation) {

    Probe(MediaType mediaType, int width, int height, int frames, boolean hasAlpha, int depth) {
        this(mediaType, width, height, frames, hasAlpha, depth, false, 1);
    }

    /// Whether every use has to turn the samples into 8-bit RGB first.
    public boolean isConverted() {
        return depth > 8 || cmyk;
    }
}
