package dev.safelight.image;

import dev.safelight.asset.MediaType;
import java.util.Optional;
import java.util.stream.Stream;

/// A picture format that can be read, and the libvips operation that reads it.
///
/// The operation is chosen by the sniffed type and never by libvips, so that bytes never decide which parser runs.
enum Reader {
    JPEG(MediaType.JPEG, "jpegload", Frames.ONE, true),
    PNG(MediaType.PNG, "pngload", Frames.ONE, true),
    WEBP(MediaType.WEBP, "webpload", Frames.ANIMATION, true),
    GIF(MediaType.GIF, "gifload", Frames.ANIMATION, false),
    TIFF(MediaType.TIFF, "tiffload", Frames.PAGES, true),
    // The container of these says how to turn the picture, and the decoder does; an EXIF tag is only a copy of that.
    AVIF(MediaType.AVIF, "heifload", Frames.ONE, false),
    HEIC(MediaType.HEIC, "heifload", Frames.ONE, false),
    JXL(MediaType.JXL, "jxlload", Frames.ONE, false),
    SVG(MediaType.SVG, "svgload", Frames.ONE, false);

    /// What more than one image in a file means.
    enum Frames {
        /// Only the main image counts.
        ONE,
        /// All are one moving picture.
        ANIMATION,
        /// All count, the first one is rendered.
        PAGES
    }

    private final MediaType mediaType;
    private final String operation;
    private final Frames frames;
    private final boolean orientedByExif;

    Reader(MediaType mediaType, String operation, Frames frames, boolean orientedByExif) {
        this.mediaType = mediaType;
        this.operation = operation;
        this.frames = frames;
        this.orientedByExif = orientedByExif;
    }

    static Optional<Reader> of(MediaType type) {
        return Stream.of(values()).filter(reader -> reader.mediaType == type).findFirst();
    }

    MediaType mediaType() {
        return mediaType;
    }

    String operation() {
        return operation;
    }

    boolean orientedByExif() {
        return orientedByExif;
    }

    boolean animated() {
        return frames == Frames.ANIMATION;
    }

    /// Whether each picture in a file has a size of its own.
    boolean hasPages() {
        return frames == Frames.PAGES;
    }

    int frames(NativeImage header) {
        return frames == Frames.ONE ? 1 : header.number("n-pages").orElse(1);
    }
}
