package dev.safelight.image;

import dev.safelight.asset.MediaType;
import dev.safelight.transform.Transformation.Output;
import dev.safelight.transform.Transformation.Quality;

/// Encodes a result, more than once where the quality has to be found: by how it looks, or by how many bytes it takes.
///
/// PNG and GIF have no quality, so that neither search changes them, as in imgproxy.
final class ChooseQuality {
    /// The levels that are tried, evenly far apart to the eye; eight of them take up to four encodings.
    private static final int[] LEVELS = {40, 50, 58, 65, 72, 78, 84, 90};

    private static final int[] AVIF_LEVELS = {30, 36, 42, 47, 52, 58, 65, 74};

    private static final long SEARCHED_PIXELS = 4_000_000;
    private static final int ENCODINGS_FOR_BYTES = 6;

    private final Picture picture;
    private final MediaType format;
    private final Output output;
    private final long pixels;

    /// @param picture lazy, or in memory when it [is encoded more than once][#mayRepeat]
    ChooseQuality(Picture picture, MediaType format, Output output) {
        this.picture = picture;
        this.format = format;
        this.output = output;
        this.pixels = picture.size().area();
    }

    /// A file, and the quality that it was written with.
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Encoded(byte[] bytes, int quality) {}

    /// Whether pixels may be asked for again, so that they should be in memory.
    static boolean mayRepeat(Output output, MediaType format) {
        return hasQuality(format) && (output.maxBytes() > 0 || output.of(format) instanceof Quality.Auto);
    }

    private static boolean hasQuality(MediaType format) {
        return Encoding.standardQuality(format) > 0;
    }

    Encoded encode() throws VipsException {
        Encoded encoded = switch (output.of(format)) {
            case Quality.Fixed fixed -> encode(hasQuality(format) ? fixed.value() : 0);
            case Quality.Standard _ -> encode(Encoding.standardQuality(format));
            case Quality.Auto _ -> searchable() ? byLikeness() : encode(Encoding.standardQuality(format));
        };
        boolean fits = output.maxBytes() == 0 || encoded.bytes.length <= output.maxBytes();
        return fits || !hasQuality(format) ? encoded : byBytes(encoded);
    }

    /// Decoding an animation again for each attempt, or a very large picture, is not worth what it saves.
    private boolean searchable() {
        return hasQuality(format) && picture.frames() == 1 && pixels <= SEARCHED_PIXELS;
    }

    private Encoded encode(int quality) throws VipsException {
        return new Encoded(Encoder.encode(picture, Encoding.onDemand(format, quality, pixels)), quality);
    }

    /// The lowest level that looks like the standard quality does on most photos.
    private Encoded byLikeness() throws VipsException {
        Similarity original = Similarity.of(picture.strip());
        int[] levels = format == MediaType.AVIF ? AVIF_LEVELS : LEVELS;
        int low = 0;
        int high = levels.length - 1;
        Encoded best = null;
        while (low < high) {
            int middle = (low + high) / 2;
            Encoded attempt = encode(levels[middle]);
            if (original.to(Similarity.of(picture.strip().vips(), format, attempt.bytes)) >= target()) {
                best = attempt;
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return best != null && best.quality == levels[high] ? best : encode(levels[high]);
    }

    /// About what the standard quality reaches on photos, 800 pixels wide.
    private double target() {
        return format == MediaType.JPEG ? 0.972 : 0.965;
    }

    /// The best quality below the one that was too large; the smallest file when none is small enough.
    private Encoded byBytes(Encoded tooLarge) throws VipsException {
        int low = 1;
        int high = tooLarge.quality - 1;
        Encoded best = null;
        Encoded smallest = tooLarge;
        for (int i = 1; i < ENCODINGS_FOR_BYTES && low <= high; i++) {
            boolean last = i == ENCODINGS_FOR_BYTES - 1;
            Encoded attempt = encode(last && best == null ? low : (low + high) / 2);
            smallest = attempt.bytes.length < smallest.bytes.length ? attempt : smallest;
            if (attempt.bytes.length <= output.maxBytes()) {
                best = attempt;
                low = attempt.quality + 1;
            } else {
                high = attempt.quality - 1;
            }
        }
        return best == null ? smallest : best;
    }
}
