package dev.safelight.image;

/// The most common colour of a picture: the mean of the fullest of 4096 equal boxes of the RGB cube.
final class DominantColor {
    private static final int BITS = 4;

    private DominantColor() {}

    /// `#rrggbb`; white when every pixel is transparent.
    static String of(Thumbnail picture) {
        long[][] boxes = new long[1 << (3 * BITS)][4];
        for (int pixel = 0; pixel < picture.pixels(); pixel++) {
            long[] box = boxes[box(picture, pixel)];
            int alpha = picture.alpha(pixel);
            for (int band = 0; band < 3; band++) {
                box[band] += (long) alpha * picture.sample(pixel, band);
            }
            box[3] += alpha;
        }
        long[] fullest = boxes[0];
        for (long[] box : boxes) {
            if (box[3] > fullest[3]) {
                fullest = box;
            }
        }
        long weight = fullest[3];
        return weight == 0
                ? "#ffffff"
                : "#%02x%02x%02x".formatted(fullest[0] / weight, fullest[1] / weight, fullest[2] / weight);
    }

    private static int box(Thumbnail picture, int pixel) {
        int drop = 8 - BITS;
        return ((picture.sample(pixel, 0) >> drop) << (2 * BITS))
                | ((picture.sample(pixel, 1) >> drop) << BITS)
                | (picture.sample(pixel, 2) >> drop);
    }
}
