package dev.safelight.image;

import dev.safelight.asset.MediaType;

/// What the header of a picture says.
///
/// @param width in pixels as displayed, after orientation
/// @param height in pixels as displayed, after orientation
/// @param frames 1 for a still, else the frames of an animation or the pages of a TIFF
/// @param depth bits of a sample: 8, or 16 for everything deeper
public record Probe(MediaType mediaType, int width, int height, int frames, boolean hasAlpha, int depth) {}
