package dev.safelight.image;

import java.util.Arrays;
import java.util.Base64;

/// A ThumbHash (https://evanw.github.io/thumbhash/): a blurred placeholder with alpha in about 25 bytes.
///
/// The picture is split into luminance, two colour differences and alpha; each is reduced to its lowest frequencies,
/// which are written with 4 bits relative to the largest one.
final class ThumbHash {
    private ThumbHash() {}

    /// Base64 of the hash.
    ///
    /// @param picture at most 100 pixels wide and high
    static String of(Thumbnail picture) {
        return Base64.getEncoder().encodeToString(bytes(picture));
    }

    private static byte[] bytes(Thumbnail picture) {
        Planes planes = Planes.of(picture);
        int width = picture.width();
        int height = picture.height();
        int longest = Math.max(width, height);
        int limit = planes.hasAlpha() ? 5 : 7;
        int across = (int) Math.max(1, Math.round((double) limit * width / longest));
        int down = (int) Math.max(1, Math.round((double) limit * height / longest));
        Channel luminance = Channel.of(planes.luminance(), width, height, Math.max(3, across), Math.max(3, down));
        Channel yellowBlue = Channel.of(planes.yellowBlue(), width, height, 3, 3);
        Channel redGreen = Channel.of(planes.redGreen(), width, height, 3, 3);
        boolean landscape = width > height;

        Nibbles hash = new Nibbles();
        hash.put(
                bits(63 * luminance.mean())
                        | (bits(31.5 + (31.5 * yellowBlue.mean())) << 6)
                        | (bits(31.5 + (31.5 * redGreen.mean())) << 12)
                        | (bits(31 * luminance.scale()) << 18)
                        | (planes.hasAlpha() ? 1 << 23 : 0),
                6);
        hash.put(
                (landscape ? down : across)
                        | (bits(63 * yellowBlue.scale()) << 3)
                        | (bits(63 * redGreen.scale()) << 9)
                        | (landscape ? 1 << 15 : 0),
                4);
        if (planes.hasAlpha()) {
            Channel alpha = Channel.of(planes.alpha(), width, height, 5, 5);
            hash.put(bits(15 * alpha.mean()) | (bits(15 * alpha.scale()) << 4), 2);
            return hash.with(luminance)
                    .with(yellowBlue)
                    .with(redGreen)
                    .with(alpha)
                    .bytes();
        }
        return hash.with(luminance).with(yellowBlue).with(redGreen).bytes();
    }

    private static int bits(double value) {
        return (int) Math.round(value);
    }

    /// The picture laid over its own mean colour, apart by what the eye tells apart.
    private record Planes(
            double[] luminance, double[] yellowBlue, double[] redGreen, double[] alpha, boolean hasAlpha) {

        static Planes of(Thumbnail picture) {
            int count = picture.pixels();
            double[] mean = mean(picture);
            double[] luminance = new double[count];
            double[] yellowBlue = new double[count];
            double[] redGreen = new double[count];
            double[] alphas = new double[count];
            double opaque = 0;
            for (int i = 0; i < count; i++) {
                double alpha = picture.alpha(i) / 255.0;
                double red = over(mean[0], alpha, picture.sample(i, 0));
                double green = over(mean[1], alpha, picture.sample(i, 1));
                double blue = over(mean[2], alpha, picture.sample(i, 2));
                luminance[i] = (red + green + blue) / 3;
                yellowBlue[i] = ((red + green) / 2) - blue;
                redGreen[i] = red - green;
                alphas[i] = alpha;
                opaque += alpha;
            }
            return new Planes(luminance, yellowBlue, redGreen, alphas, opaque < count);
        }

        private static double[] mean(Thumbnail picture) {
            double[] sums = new double[3];
            double weight = 0;
            for (int i = 0; i < picture.pixels(); i++) {
                double alpha = picture.alpha(i) / 255.0;
                weight += alpha;
                for (int band = 0; band < 3; band++) {
                    sums[band] += alpha / 255 * picture.sample(i, band);
                }
            }
            for (int band = 0; band < 3 && weight > 0; band++) {
                sums[band] /= weight;
            }
            return sums;
        }

        private static double over(double background, double alpha, int sample) {
            return (background * (1 - alpha)) + (alpha / 255 * sample);
        }
    }

    /// The lowest frequencies of a plane: its mean, and the others from 0 to 1 relative to the strongest.
    private record Channel(double mean, double[] waves, double scale) {

        static Channel of(double[] plane, int width, int height, int across, int down) {
            double mean = 0;
            double scale = 0;
            double[] waves = new double[across * down];
            int count = 0;
            for (int v = 0; v < down; v++) {
                for (int u = 0; u * down < across * (down - v); u++) {
                    double wave = wave(plane, width, height, u, v);
                    if (u == 0 && v == 0) {
                        mean = wave;
                    } else {
                        waves[count++] = wave;
                        scale = Math.max(scale, Math.abs(wave));
                    }
                }
            }
            double[] relative = new double[count];
            for (int i = 0; i < count; i++) {
                relative[i] = scale == 0 ? 0 : 0.5 + (0.5 / scale * waves[i]);
            }
            return new Channel(mean, relative, scale);
        }

        private static double wave(double[] plane, int width, int height, int u, int v) {
            double[] columns = new double[width];
            for (int x = 0; x < width; x++) {
                columns[x] = Math.cos(Math.PI / width * u * (x + 0.5));
            }
            double sum = 0;
            for (int y = 0; y < height; y++) {
                double row = Math.cos(Math.PI / height * v * (y + 0.5));
                for (int x = 0; x < width; x++) {
                    sum += plane[x + (y * width)] * columns[x] * row;
                }
            }
            return sum / (width * height);
        }
    }

    /// Bytes filled four bits at a time, low half first.
    private static final class Nibbles {
        private final byte[] bytes = new byte[64];
        private int length;

        void put(int value, int nibbles) {
            for (int i = 0; i < nibbles; i++) {
                int half = (value >> (4 * i)) & 15;
                bytes[length / 2] |= (byte) (half << (4 * (length % 2)));
                length++;
            }
        }

        Nibbles with(Channel channel) {
            for (double wave : channel.waves()) {
                put(bits(15 * wave), 1);
            }
            return this;
        }

        byte[] bytes() {
            return Arrays.copyOf(bytes, (length + 1) / 2);
        }
    }
}
