package dev.safelight.image;

import dev.safelight.asset.MediaType;

/// The brightness of a picture on white, to measure how much of its structure an encoder has kept.
///
/// @param luma 0 to 255 each, row by row (ITU-R BT.601)
@SuppressWarnings("ArrayRecordComponent") // compared by likeness alone
record Similarity(int width, int height, byte[] luma) {
    /// The side of the windows that are compared.
    private static final int WINDOW = 8;

    /// Above this the windows no longer overlap; they still lie across the edges of an encoder's blocks.
    private static final long DENSE_PIXELS = 1_000_000;

    private static final double C1 = 0.01 * 255 * 0.01 * 255;
    private static final double C2 = 0.03 * 255 * 0.03 * 255;

    static Similarity of(NativeImage image) throws VipsException {
        try (ImageScope scope = new ImageScope()) {
            NativeImage opaque = image.hasAlpha()
                    ? scope.keep(image.operation("flatten")
                            .with("background", "255 255 255")
                            .toImage())
                    : image;
            return new Similarity(image.width(), image.height(), luma(opaque.pixels(), opaque.bands()));
        }
    }

    static Similarity of(Vips vips, MediaType format, byte[] encoded) throws VipsException {
        String loader = Reader.of(format).orElseThrow().operation() + "_buffer";
        return vips.operation(loader).reading(encoded, Similarity::of);
    }

    private static byte[] luma(byte[] pixels, int bands) {
        if (bands < 3) {
            return pixels;
        }
        byte[] luma = new byte[pixels.length / bands];
        for (int i = 0; i < luma.length; i++) {
            int at = i * bands;
            luma[i] = (byte)
                    ((299 * (pixels[at] & 0xff) + 587 * (pixels[at + 1] & 0xff) + 114 * (pixels[at + 2] & 0xff) + 500)
                            / 1000);
        }
        return luma;
    }

    /// The mean structural similarity, 1 for equal pictures: Wang, Bovik, Sheikh, Simoncelli, "Image quality
    /// assessment: from error visibility to structural similarity", 2004, equation 13, over square windows.
    double to(Similarity other) {
        if (width != other.width || height != other.height) {
            return 0;
        }
        boolean dense = (long) width * height <= DENSE_PIXELS;
        int step = dense ? WINDOW / 2 : WINDOW;
        int start = dense ? 0 : WINDOW / 2;
        double sum = 0;
        int count = 0;
        for (int y = Math.min(start, height - 1); y == 0 || y + WINDOW <= height; y += step) {
            for (int x = Math.min(start, width - 1); x == 0 || x + WINDOW <= width; x += step) {
                sum += window(other, x, y);
                count++;
            }
        }
        return count == 0 ? window(other, 0, 0) : sum / count;
    }

    private double window(Similarity other, int left, int top) {
        long sum1 = 0;
        long sum2 = 0;
        long squares1 = 0;
        long squares2 = 0;
        long products = 0;
        int bottom = Math.min(height, top + WINDOW);
        int right = Math.min(width, left + WINDOW);
        for (int y = top; y < bottom; y++) {
            for (int i = y * width + left; i < y * width + right; i++) {
                int a = luma[i] & 0xff;
                int b = other.luma[i] & 0xff;
                sum1 += a;
                sum2 += b;
                squares1 += (long) a * a;
                squares2 += (long) b * b;
                products += (long) a * b;
            }
        }
        double n = (double) (bottom - top) * (right - left);
        double mean1 = sum1 / n;
        double mean2 = sum2 / n;
        double variances = squares1 / n - mean1 * mean1 + squares2 / n - mean2 * mean2;
        double covariance = products / n - mean1 * mean2;
        return (2 * mean1 * mean2 + C1)
                * (2 * covariance + C2)
                / ((mean1 * mean1 + mean2 * mean2 + C1) * (variances + C2));
    }
}
