package dev.safelight.pipeline;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MimeTypes;

/// Tells a media type by magic bytes, with Tika's table and what Tika folds together taken apart.
final class ContentSniffer {
    private final MimeTypes types = MimeTypes.getDefaultMimeTypes();

    /// The media type of a file, such as `image/jpeg`; `application/octet-stream` when nothing is recognised.
    String sniff(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            String type =
                    types.detect(in, new Metadata()).getBaseType().toString().toLowerCase(Locale.ROOT);
            return switch (type) {
                case "image/heif", "image/heic-sequence", "image/heif-sequence" -> "image/heic";
                case "image/avif-sequence" -> "image/avif";
                case "image/apng", "image/x-png" -> "image/png";
                default -> type;
            };
        }
    }
}
