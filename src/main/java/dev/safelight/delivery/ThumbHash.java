package dev.safelight.delivery;

import java.util.Optional;

/// Decodes a ThumbHash, the picture of some 25 bytes that stands in while the real one loads.
///
/// Follows the reference implementation at https://evanw.github.io/thumbhash/: a cosine transform with few
/// coefficients of luminance (L), yellow to blue (P), red to green (Q) and alpha.
final class ThumbHash {
    private static final int LONGER_SIDE = 32;

    private final byte[] hash;
    private final boolean hasAlpha;
    private final int columns;
    private final int rows;
    private int nibble;

    private ThumbHash(byte[] hash) {
        this.hash = hash;
        this.hasAlpha = (hash[2] & 0x80) != 0;
        boolean landscape = (hash[4] & 0x80) != 0;
        int longer = hasAlpha ? 5 : 7;
        int shorter = Math.max(1, hash[3] & 7);
        this.columns = landscape ? longer : shorter;
        this.rows = landscape ? shorter : longer;
    }

    /// A decoded picture.
    ///
    /// @param argb rows from the top, each pixel as 0xAARRGGBB
    record Picture(int width, int height, int[] argb) {}

    /// The picture at 32 pixels on its longer side, or empty when the bytes are no ThumbHash.
    static Optional<Picture> decode(byte[] hash) {
        if (hash.length < 5) {
            return Optional.empty();
        }
        ThumbHash thumb = new ThumbHash(hash);
        return hash.length < thumb.length() ? Optional.empty() : Optional.of(thumb.draw());
    }

    private int length() {
        int coefficients = count(lumaColumns(), lumaRows()) + 2 * count(3, 3) + (hasAlpha ? count(5, 5) : 0);
        return start() + (coefficients + 1) / 2;
    }

    private int start() {
        return hasAlpha ? 6 : 5;
    }

    private int lumaColumns() {
        return Math.max(3, columns);
    }

    private int lumaRows() {
        return Math.max(3, rows);
    }

    private static int count(int columns, int rows) {
        int count = 0;
        for (int y = 0; y < rows; y++) {
            for (int x = y == 0 ? 1 : 0; x * rows < columns * (rows - y); x++) {
                count++;
            }
        }
        return count;
    }

    private Picture draw() {
        int header = (hash[0] & 255) | (hash[1] & 255) << 8 | (hash[2] & 255) << 16;
        int scales = (hash[3] & 255) | (hash[4] & 255) << 8;
        // Saturation was quantized hard; the reference makes up for it by a quarter.
        Channel luma = channel((header & 63) / 63.0, (header >> 18 & 31) / 31.0, lumaColumns(), lumaRows());
        Channel yellowBlue = channel((header >> 6 & 63) / 31.5 - 1, (scales >> 3 & 63) / 63.0 * 1.25, 3, 3);
        Channel redGreen = channel((header >> 12 & 63) / 31.5 - 1, (scales >> 9 & 63) / 63.0 * 1.25, 3, 3);
        Channel alpha = hasAlpha
                ? channel((hash[5] & 15) / 15.0, (hash[5] >> 4 & 15) / 15.0, 5, 5)
                : new Channel(1, new double[0], 0, 0);
        double ratio = (double) columns / rows;
        int width = (int) Math.round(ratio > 1 ? LONGER_SIDE : LONGER_SIDE * ratio);
        int height = (int) Math.round(ratio > 1 ? LONGER_SIDE / ratio : LONGER_SIDE);
        int[] argb = new int[width * height];
        for (int i = 0; i < argb.length; i++) {
            int row = i / width;
            double x = (i % width + 0.5) / width;
            double y = (row + 0.5) / height;
            double l = luma.at(x, y);
            double p = yellowBlue.at(x, y);
            double q = redGreen.at(x, y);
            double blue = l - 2.0 / 3 * p;
            double red = (3 * l - blue + q) / 2;
            double green = red - q;
            argb[i] = level(alpha.at(x, y)) << 24 | level(red) << 16 | level(green) << 8 | level(blue);
        }
        return new Picture(width, height, argb);
    }

    private Channel channel(double mean, double scale, int across, int down) {
        double[] coefficients = new double[count(across, down)];
        for (int i = 0; i < coefficients.length; i++, nibble++) {
            int pair = hash[start() + nibble / 2] & 255;
            coefficients[i] = ((nibble % 2 == 0 ? pair & 15 : pair >> 4) / 7.5 - 1) * scale;
        }
        return new Channel(mean, coefficients, across, down);
    }

    private static int level(double value) {
        return (int) (255 * Math.clamp(value, 0.0, 1.0));
    }

    private record Channel(double mean, double[] coefficients, int columns, int rows) {
        /// @param x 0 to 1 from the left
        /// @param y 0 to 1 from the top
        double at(double x, double y) {
            double value = mean;
            int next = 0;
            for (int row = 0; row < rows; row++) {
                double vertical = 2 * Math.cos(Math.PI * y * row);
                for (int column = row == 0 ? 1 : 0; column * rows < columns * (rows - row); column++) {
                    value += coefficients[next++] * Math.cos(Math.PI * x * column) * vertical;
                }
            }
            return value;
        }
    }
}
