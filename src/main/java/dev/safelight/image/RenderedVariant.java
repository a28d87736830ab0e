package dev.safelight.image;

/// One encoded variant.
///
/// @param width in pixels, at most the picture's
/// @param height in pixels, of one frame
public record RenderedVariant(VariantSpec spec, int width, int height, byte[] bytes) {}
