package dev.safelight.asset;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// A content type that Safelight knows by name, with the file extensions it goes by; the first one is used for keys.
public enum MediaType {
    JPEG("image/jpeg", Kind.IMAGE, "jpg", "jpeg", "jpe", "jfif"),
    PNG("image/png", Kind.IMAGE, "png", "apng"),
    WEBP("image/webp", Kind.IMAGE, "webp"),
    AVIF("image/avif", Kind.IMAGE, "avif", "avifs"),
    GIF("image/gif", Kind.IMAGE, "gif"),
    HEIC("image/heic", Kind.IMAGE, "heic", "heif", "hif"),
    JXL("image/jxl", Kind.IMAGE, "jxl"),
    TIFF("image/tiff", Kind.IMAGE, "tif", "tiff"),
    SVG("image/svg+xml", Kind.IMAGE, "svg"),
    PSD("image/vnd.adobe.photoshop", Kind.IMAGE, "psd"),
    BMP("image/bmp", Kind.IMAGE, "bmp"),
    MP4("video/mp4", Kind.VIDEO, "mp4", "m4v"),
    QUICKTIME("video/quicktime", Kind.VIDEO, "mov"),
    WEBM("video/webm", Kind.VIDEO, "webm"),
    PDF("application/pdf", Kind.DOCUMENT, "pdf"),
    TEXT("text/plain", Kind.DOCUMENT, "txt");

    /// What a media type shows, which decides the pipeline it goes through.
    public enum Kind {
        IMAGE,
        VIDEO,
        DOCUMENT;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final String text;
    private final Kind kind;
    private final List<String> extensions;

    MediaType(String text, Kind kind, String... extensions) {
        this.text = text;
        this.kind = kind;
        this.extensions = List.of(extensions);
    }

    /// The type as written in a `Content-Type` header.
    public String text() {
        return text;
    }

    public Kind kind() {
        return kind;
    }

    public String extension() {
        return extensions.getFirst();
    }

    /// Reads a `Content-Type` without parameters, in any case.
    public static Optional<MediaType> parse(String text) {
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        if (wanted.equals("image/jpg")) {
            return Optional.of(JPEG);
        }
        if (wanted.equals("image/heif")) {
            return Optional.of(HEIC);
        }
        return Stream.of(values()).filter(type -> type.text.equals(wanted)).findFirst();
    }

    /// The type that a file name promises by its extension.
    public static Optional<MediaType> ofFileName(String fileName) {
        int dot = fileName.lastIndexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        String extension = fileName.substring(dot + 1).toLowerCase(Locale.ROOT);
        return Stream.of(values())
                .filter(type -> type.extensions.contains(extension))
                .findFirst();
    }

    @Override
    public String toString() {
        return text;
    }
}
