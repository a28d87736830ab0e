package dev.safelight.image;

import dev.safelight.asset.MediaType;

/// A picture that was made on demand.
///
/// @param width of one frame, in pixels
/// @param height of one frame, in pixels
/// @param frames 1 for a still
/// @param quality that was used, 1 to 100; 0 where the format has none
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Transformed(byte[] bytes, MediaType format, int width, int height, int frames, int quality) {}
