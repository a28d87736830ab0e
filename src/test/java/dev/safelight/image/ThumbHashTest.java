package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThumbHashTest {
    /// The expected hashes come from the reference implementation, for the same pixels.
    @ParameterizedTest
    @CsvSource({
        "100, 75, false, HwgKLZpwdndwd3d3d2d3d5CACfiI",
        "60, 100, false, H/gJLBpwBnd3d3Z3d3eQgAn3eA==",
        "80, 80, true, ogiGFQwnoIawiIpoiKCwCvlncHdweHd3dw==",
        "1, 1, false, AAgCBwAAAAAAAAAAAAAAAAAAAAAAAAAA"
    })
    void equalsTheReferenceImplementation(int width, int height, boolean alpha, String expected) {
        assertThat(ThumbHash.of(pattern(width, height, alpha))).isEqualTo(expected);
    }

    private static Thumbnail pattern(int width, int height, boolean alpha) {
        byte[] rgba = new byte[4 * width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int i = 4 * (x + (y * width));
                rgba[i] = (byte) (x * 255 / width);
                rgba[i + 1] = (byte) (y * 255 / height);
                rgba[i + 2] = (byte) (x * y);
                rgba[i + 3] = (byte) (alpha ? (x + y) * 255 / (width + height) : 255);
            }
        }
        return new Thumbnail(width, height, rgba);
    }
}
