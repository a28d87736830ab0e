package dev.safelight.transform;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a client told about itself, as far as it can be read; outsiders' words, so they are bucketed before use.
///
/// @param dpr device pixels for each CSS pixel
/// @param width of the picture's place in device pixels
public record ClientHints(@Nullable Double dpr, @Nullable Integer width) {
    public static final ClientHints NONE = new ClientHints(null, null);

    private static final Pattern RATIO = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,10})?");
    private static final Pattern PIXELS = Pattern.compile("[0-9]{1,6}");
    private static final double[] RATIOS = {1, 1.5, 2, 3};

    /// Reads the values of `Sec-CH-DPR`, `DPR`, `Sec-CH-Width` and `Width`; malformed ones count as absent.
    public static ClientHints read(
            @Nullable String secDpr, @Nullable String dpr, @Nullable String secWidth, @Nullable String width) {
        Double ratio = ratio(secDpr);
        Integer pixels = pixels(secWidth);
        return new ClientHints(ratio == null ? ratio(dpr) : ratio, pixels == null ? pixels(width) : pixels);
    }

    /// The ratio as one of 1, 1.5, 2 and 3: the next that is not smaller, or the last.
    @Nullable
    Double bucketedDpr() {
        if (dpr == null) {
            return null;
        }
        for (double step : RATIOS) {
            if (dpr <= step) {
                return step;
            }
        }
        return RATIOS[RATIOS.length - 1];
    }

    static boolean isBucket(double ratio) {
        for (double step : RATIOS) {
            if (ratio == step) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Double ratio(@Nullable String text) {
        if (text == null || !RATIO.matcher(text.strip()).matches()) {
            return null;
        }
        double value = Double.parseDouble(text.strip());
        return value > 0 ? Double.valueOf(value) : null;
    }

    private static @Nullable Integer pixels(@Nullable String text) {
        if (text == null || !PIXELS.matcher(text.strip()).matches()) {
            return null;
        }
        int value = Integer.parseInt(text.strip());
        return value > 0 ? Integer.valueOf(value) : null;
    }
}
