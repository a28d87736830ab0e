package dev.safelight.image;

import dev.safelight.asset.MediaType;

/// How a picture is written.
///
/// @param quality 1 to 100, on the scale of the encoder; ignored where the format has none
/// @param effort WEBP 0 to 6, AVIF 0 to 9; for PNG the level of compression, 0 to 9; for GIF 1 to 10; JPEG ignores it
/// @param style of JPEG
/// @param still whether only the first frame is written
record Encoding(MediaType format, int quality, int effort, Style style, boolean still) {
    /// How a JPEG spends time and bytes.
    enum Style {
        /// As few bytes as possible.
        COMPACT,
        /// With the quantisation tables of the standard, as most encoders write it.
        STANDARD_TABLES,
        /// Never sent, but read often: small tables are not worth a second pass, nor colour at full resolution a third
        /// more time for each reader.
        SOURCE
    }

    Encoding(MediaType format, int quality, int effort) {
        this(format, quality, effort, Style.COMPACT, false);
    }

    private static final int WEBP_EFFORT = 2;
    private static final long AVIF_STEP = 2_000_000;

    /// One per cent more bytes than at the default level, in less time.
    private static final int PNG_LEVEL = 4;

    private static final int PNG_DEFAULT_LEVEL = 6;
    private static final int GIF_EFFORT = 3;

    static Encoding of(VariantSpec spec) {
        Style style = switch (spec.purpose()) {
            case DELIVERY -> spec.standardTables() ? Style.STANDARD_TABLES : Style.COMPACT;
            case SOURCE -> Style.SOURCE;
        };
        int effort = spec.format() == MediaType.PNG ? PNG_DEFAULT_LEVEL : spec.effort();
        return new Encoding(spec.format(), spec.quality(), effort, style, spec.isStill());
    }

    /// The one for an answer that someone waits for.
    static Encoding onDemand(MediaType format, int quality, long pixels) {
        int effort = switch (format) {
            case WEBP -> WEBP_EFFORT;
            case AVIF -> avifEffort(pixels);
            case PNG -> PNG_LEVEL;
            case GIF -> GIF_EFFORT;
            default -> 0;
        };
        return new Encoding(format, quality, effort);
    }

    /// AVIF cannot be stopped, so what takes long is done with less effort: at this one noise of the most pixels
    /// takes a few seconds.
    private static int avifEffort(long pixels) {
        if (pixels > 2 * AVIF_STEP) {
            return 0;
        }
        return pixels > AVIF_STEP ? 1 : 2;
    }

    /// The quality of a format when none is asked for; all look alike. 0 where there is none.
    static int standardQuality(MediaType format) {
        return switch (format) {
            case JPEG -> 80;
            case WEBP -> 75;
            case AVIF -> 50;
            default -> 0;
        };
    }

    Encoding withQuality(int other) {
        return new Encoding(format, other, effort, style, still);
    }
}
