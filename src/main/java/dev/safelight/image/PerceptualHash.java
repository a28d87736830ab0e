package dev.safelight.image;

import java.util.Arrays;

/// The DCT perceptual hash (Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010).
///
/// Brightness at 32 × 32, its 8 × 8 lowest frequencies, and one bit for each that is above their median.
final class PerceptualHash {
    private static final int SIDE = 32;
    private static final int KEPT = 8;
    private static final double[][] COSINES = cosines();

    private PerceptualHash() {}

    /// 16 hexadecimal digits.
    static String of(Thumbnail picture) {
        double[] frequencies = frequencies(brightness(picture));
        double[] sorted = Arrays.copyOfRange(frequencies, 1, frequencies.length);
        Arrays.sort(sorted);
        double median = sorted[sorted.length / 2];
        long bits = 0;
        for (double frequency : frequencies) {
            bits = (bits << 1) | (frequency > median ? 1 : 0);
        }
        return "%016x".formatted(bits);
    }

    private static double[][] brightness(Thumbnail picture) {
        double[][] cells = new double[SIDE][SIDE];
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                cells[y][x] = mean(picture, x, y);
            }
        }
        return cells;
    }

    private static double mean(Thumbnail picture, int cellX, int cellY) {
        int left = cellX * picture.width() / SIDE;
        int right = Math.max(left + 1, (cellX + 1) * picture.width() / SIDE);
        int top = cellY * picture.height() / SIDE;
        int bottom = Math.max(top + 1, (cellY + 1) * picture.height() / SIDE);
        double sum = 0;
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                sum += picture.luma((y * picture.width()) + x);
            }
        }
        return sum / ((right - left) * (bottom - top));
    }

    private static double[] frequencies(double[][] cells) {
        double[] frequencies = new double[KEPT * KEPT];
        for (int v = 0; v < KEPT; v++) {
            for (int u = 0; u < KEPT; u++) {
                double sum = 0;
                for (int y = 0; y < SIDE; y++) {
                    for (int x = 0; x < SIDE; x++) {
                        sum += cells[y][x] * COSINES[u][x] * COSINES[v][y];
                    }
                }
                // Rounding keeps equal pictures equal where a frequency is zero but for the last bit of a double.
                frequencies[(v * KEPT) + u] = Math.rint(sum * 16) / 16;
            }
        }
        return frequencies;
    }

    private static double[][] cosines() {
        double[][] cosines = new double[KEPT][SIDE];
        for (int u = 0; u < KEPT; u++) {
            for (int x = 0; x < SIDE; x++) {
                cosines[u][x] = Math.cos(Math.PI / SIDE * u * (x + 0.5));
            }
        }
        return cosines;
    }
}
