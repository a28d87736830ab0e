package dev.safelight.image;

import dev.safelight.asset.MediaType;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a transformation starts from.
///
/// @param file the original, or a smaller copy of all of it that is already upright
/// @param type of the file, by content
/// @param width of the original as displayed, in pixels; those of a transformation are meant in its size
/// @param height the same
/// @param watermark the picture to lay over the result, when the transformation has one
/// @param watermarkType of that file, by content
/// @param watermarkKey names the bytes of that file across restarts; absent when nobody remembers its crashes
public record TransformSource(
        Path file,
        MediaType type,
        int width,
        int height,
        @Nullable Path watermark,
        @Nullable MediaType watermarkType,
        @Nullable String watermarkKey) {
    public TransformSource {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("no original has " + width + " x " + height + " pixels");
        }
    }

    public TransformSource(Path file, MediaType type, int width, int height) {
        this(file, type, width, height, null, null);
    }

    public TransformSource(
            Path file,
            MediaType type,
            int width,
            int height,
            @Nullable Path watermark,
            @Nullable MediaType watermarkType) {
        this(file, type, width, height, watermark, watermarkType, null);
    }

    /// The same file, of which one page is the original.
    TransformSource ofPage(Probe page) {
        return new TransformSource(file, type, page.width(), page.height(), watermark, watermarkType, watermarkKey);
    }
}
