package dev.safelight.image;

/// A small picture on the Java heap.
///
/// @param rgba four bytes for each pixel, row by row; colour is not weighted by alpha
record Thumbnail(int width, int height, byte[] rgba) {

    static Thumbnail of(NativeImage image) throws VipsException {
        int bands = image.bands();
        byte[] pixels = image.pixels();
        int count = image.width() * image.height();
        byte[] rgba = new byte[4 * count];
        for (int i = 0; i < count; i++) {
            for (int band = 0; band < 4; band++) {
                rgba[(4 * i) + band] = band < bands ? pixels[(bands * i) + band] : (byte) 255;
            }
        }
        return new Thumbnail(image.width(), image.height(), rgba);
    }

    int pixels() {
        return width * height;
    }

    /// A sample from 0 to 255.
    int sample(int pixel, int band) {
        return rgba[(4 * pixel) + band] & 0xff;
    }

    int alpha(int pixel) {
        return sample(pixel, 3);
    }

    /// Brightness from 0 to 255 (ITU-R BT.601), on white where the picture is transparent.
    double luma(int pixel) {
        double luma = (0.299 * sample(pixel, 0)) + (0.587 * sample(pixel, 1)) + (0.114 * sample(pixel, 2));
        double alpha = alpha(pixel) / 255.0;
        return (alpha * luma) + ((1 - alpha) * 255);
    }
}
