import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The brightness of a picture (ITU-R BT.601, 0 to 255, not rounded), and how much two of them look alike.
record Luma(int width, int height, float[] samples) {
    private static final int LOBES = 3;
    private static final int WINDOW = 11;
    private static final double SIGMA = 1.5;
    private static final double C1 = Math.pow(0.01 * 255, 2);
    private static final double C2 = Math.pow(0.03 * 255, 2);

    /// Interleaved 8-bit samples whose file is named by width, height and samples per pixel, as in `800x600x3.raw`.
    static Luma read(Path raw) throws IOException {
        String[] shape = raw.getFileName().toString().replace(".raw", "").split("x");
        int bands = Integer.parseInt(shape[2]);
        byte[] bytes = Files.readAllBytes(raw);
        float[] samples = new float[bytes.length / bands];
        for (int i = 0; i < samples.length; i++) {
            int at = i * bands;
            samples[i] = bands < 3
                    ? bytes[at] & 0xff
                    : (float) (0.299 * (bytes[at] & 0xff) + 0.587 * (bytes[at + 1] & 0xff) + 0.114 * (bytes[at + 2] & 0xff));
        }
        return new Luma(Integer.parseInt(shape[0]), Integer.parseInt(shape[1]), samples);
    }

    /// The part of this that begins at a position, scaled by a Lanczos filter of three lobes on the stored samples (not on
    /// linear light), which is what both sides approximate.
    Luma scaled(double left, double top, double partWidth, double partHeight, int toWidth, int toHeight) {
        float[][] across = weights(width, left, partWidth, toWidth);
        int[] firstColumns = firsts(width, left, partWidth, toWidth);
        float[] narrow = new float[toWidth * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < toWidth; x++) {
                float sum = 0;
                int at = y * width + firstColumns[x];
                for (float weight : across[x]) {
                    sum += weight * samples[at++];
                }
                narrow[y * toWidth + x] = sum;
            }
        }
        float[][] down = weights(height, top, partHeight, toHeight);
        int[] firstRows = firsts(height, top, partHeight, toHeight);
        float[] small = new float[toWidth * toHeight];
        for (int y = 0; y < toHeight; y++) {
            for (int i = 0; i < down[y].length; i++) {
                int from = (firstRows[y] + i) * toWidth;
                for (int x = 0; x < toWidth; x++) {
                    small[y * toWidth + x] += down[y][i] * narrow[from + x];
                }
            }
        }
        for (int i = 0; i < small.length; i++) {
            small[i] = Math.clamp(small[i], 0, 255);
        }
        return new Luma(toWidth, toHeight, small);
    }

    private static int[] firsts(int length, double start, double part, int count) {
        int[] firsts = new int[count];
        double scale = part / count;
        for (int i = 0; i < count; i++) {
            firsts[i] = Math.max(0, (int) Math.ceil(start + (i + 0.5) * scale - LOBES * scale - 0.5));
        }
        return firsts;
    }

    private static float[][] weights(int length, double start, double part, int count) {
        int[] firsts = firsts(length, start, part, count);
        float[][] weights = new float[count][];
        double scale = part / count;
        for (int i = 0; i < count; i++) {
            double middle = start + (i + 0.5) * scale - 0.5;
            int last = Math.min(length - 1, (int) Math.floor(middle + LOBES * scale));
            weights[i] = new float[last - firsts[i] + 1];
            double sum = 0;
            for (int k = 0; k < weights[i].length; k++) {
                double weight = lanczos((firsts[i] + k - middle) / scale);
                weights[i][k] = (float) weight;
                sum += weight;
            }
            for (int k = 0; k < weights[i].length; k++) {
                weights[i][k] /= (float) sum;
            }
        }
        return weights;
    }

    private static double lanczos(double x) {
        if (Math.abs(x) < 1e-9) {
            return 1;
        }
        double angle = Math.PI * x;
        return Math.abs(x) >= LOBES ? 0 : LOBES * Math.sin(angle) * Math.sin(angle / LOBES) / (angle * angle);
    }

    /// Peak signal to noise in dB.
    double psnr(Luma other) {
        double sum = 0;
        for (int i = 0; i < samples.length; i++) {
            double difference = samples[i] - other.samples[i];
            sum += difference * difference;
        }
        return 10 * Math.log10(255 * 255 / Math.max(1e-9, sum / samples.length));
    }

    /// Mean structural similarity (Wang et al., 2004) with the Gaussian window of 11 × 11 of the paper.
    double ssim(Luma other) {
        int count = samples.length;
        float[] squares = new float[count];
        float[] otherSquares = new float[count];
        float[] products = new float[count];
        for (int i = 0; i < count; i++) {
            squares[i] = samples[i] * samples[i];
            otherSquares[i] = other.samples[i] * other.samples[i];
            products[i] = samples[i] * other.samples[i];
        }
        float[] mean = blurred(samples);
        float[] otherMean = blurred(other.samples);
        float[] square = blurred(squares);
        float[] otherSquare = blurred(otherSquares);
        float[] product = blurred(products);
        double sum = 0;
        for (int i = 0; i < mean.length; i++) {
            double a = mean[i];
            double b = otherMean[i];
            sum += ((2 * a * b + C1) * (2 * (product[i] - a * b) + C2))
                    / ((a * a + b * b + C1) * (square[i] - a * a + otherSquare[i] - b * b + C2));
        }
        return sum / mean.length;
    }

    /// Where the window fits as a whole.
    private float[] blurred(float[] values) {
        float[] window = window();
        int inner = width - WINDOW + 1;
        int rows = height - WINDOW + 1;
        float[] across = new float[inner * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < inner; x++) {
                float sum = 0;
                for (int k = 0; k < WINDOW; k++) {
                    sum += window[k] * values[y * width + x + k];
                }
                across[y * inner + x] = sum;
            }
        }
        float[] result = new float[inner * rows];
        for (int y = 0; y < rows; y++) {
            for (int k = 0; k < WINDOW; k++) {
                for (int x = 0; x < inner; x++) {
                    result[y * inner + x] += window[k] * across[(y + k) * inner + x];
                }
            }
        }
        return result;
    }

    private static float[] window() {
        float[] window = new float[WINDOW];
        double sum = 0;
        for (int i = 0; i < WINDOW; i++) {
            sum += Math.exp(-Math.pow(i - WINDOW / 2, 2) / (2 * SIGMA * SIGMA));
        }
        for (int i = 0; i < WINDOW; i++) {
            window[i] = (float) (Math.exp(-Math.pow(i - WINDOW / 2, 2) / (2 * SIGMA * SIGMA)) / sum);
        }
        return window;
    }
}
