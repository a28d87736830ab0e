package dev.safelight.image;

import dev.safelight.asset.Reason;
import java.time.Duration;

/// How large a picture may be, checked on the header before any pixel is decoded, and what processing it may take.
///
/// @param pixels of one frame
/// @param frames of an animation, or pages
/// @param totalPixels over all frames of an animation, which are all in memory at once
/// @param memory in bytes, of all pictures that are processed at the same time; one that needs more has it for itself
/// @param time that one step may compute for: reading a header, decoding and scaling, or one encoding
public record ImageLimits(long pixels, int frames, long totalPixels, long memory, Duration time) {
    /// Red, green, blue and alpha, or the four inks of CMYK with one more.
    private static final int MAX_BANDS = 5;

    private static final int BYTES_OF_PIXEL = 4;
    private static final Duration TIME = Duration.ofSeconds(60);

    public static final ImageLimits DEFAULT = new ImageLimits(100_000_000, 500, 100_000_000);

    public ImageLimits {
        if (pixels < 1 || frames < 1 || totalPixels < 1 || memory < 1 || !time.isPositive()) {
            throw new IllegalArgumentException("limits of an image are positive");
        }
    }

    /// With memory for one picture of the largest size, and the usual time.
    public ImageLimits(long pixels, int frames, long totalPixels) {
        this(pixels, frames, totalPixels, BYTES_OF_PIXEL * totalPixels, TIME);
    }

    void checkBands(int bands) throws ImageRejected {
        if (bands > MAX_BANDS) {
            throw new ImageRejected(
                    Reason.UNSUPPORTED,
                    "The picture has " + bands + " samples per pixel; up to " + MAX_BANDS + " are supported.");
        }
    }

    void check(int width, int height, int frameCount) throws ImageRejected {
        long area = (long) width * height;
        if (area > pixels) {
            throw tooLarge("The picture has " + width + " x " + height + " pixels; up to " + pixels + " are allowed.");
        }
        if (frameCount > frames) {
            throw tooLarge("The picture has " + frameCount + " frames; up to " + frames + " are allowed.");
        }
        if (area * frameCount > totalPixels) {
            throw tooLarge("The frames of the picture have " + area * frameCount + " pixels together; up to "
                    + totalPixels + " are allowed.");
        }
    }

    private static ImageRejected tooLarge(String detail) {
        return new ImageRejected(Reason.TOO_LARGE, detail);
    }
}
