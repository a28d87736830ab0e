package dev.safelight.image;

import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Reason;
import dev.safelight.transform.Transformation;
import java.time.Duration;

/// How large a picture may be, checked on the header before any pixel is decoded, and what processing it
/// may take.
///
/// @param pixels of one frame
/// @param frames of an animation, or pages
/// @param totalPixels over all frames of an animation, which are all in memory at once
/// @param memory in bytes, of all pictures that are processed at the same time; one that needs more has it
///     for itself
/// @param time that one step may compute for: reading a header, decoding and scaling, or one encoding
/// @param resultPixels of one frame of what is made on demand
/// @param avifPixels of what is made on demand as AVIF, which takes far longer than the others
public record ImageLimits(
        long pixels, int frames, long totalPixels, long memory, Duration time, long resultPixels, long avifPixels) {
    /// Red, green, blue and alpha, or the four inks of CMYK with one more.
    private static final int MAX_BANDS = 5;

    private static final int BYTES_OF_PIXEL = 4;
    private static final Duration TIME = Duration.ofSeconds(60);
    private static final int LONGEST_STEP = 65_535;
    private static final long RESULT_PIXELS = 4096L * 4096;
    private static final long AVIF_PIXELS = 4_000_000;

    public static final ImageLimits DEFAULT = new ImageLimits(100_000_000, 500, 100_000_000);

    public ImageLimits {
        if (pixels < 1
                || frames < 1
                || totalPixels < 1
                || memory < 1
                || !time.isPositive()
                || resultPixels < 1
                || avifPixels < 1) {
            throw new IllegalArgumentException("limits of an image are positive");
        }
    }

    /// With the usual limits of what is made on demand.
    public ImageLimits(long pixels, int frames, long totalPixels, long memory, Duration time) {
        this(pixels, frames, totalPixels, memory, time, RESULT_PIXELS, AVIF_PIXELS);
    }

    /// With memory for one picture of the largest size, and the usual time.
    public ImageLimits(long pixels, int frames, long totalPixels) {
        this(pixels, frames, totalPixels, BYTES_OF_PIXEL * totalPixels, TIME);
    }

    /// The same with another limit for what is made on demand.
    public ImageLimits withResultPixels(long most) {
        return new ImageLimits(pixels, frames, totalPixels, memory, time, most, avifPixels);
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

    /// Whether a result may be written as AVIF, for whoever chooses the format.
    public boolean allowAvif(Geometry geometry) {
        return geometry.result().area() <= avifPixels;
    }

    /// @param frameCount of the result
    /// @throws Failure invalid, with the numbers
    void checkResult(Geometry geometry, MediaType format, int frameCount) {
        Size result = geometry.result();
        String size = result.width() + " x " + result.height();
        if (Math.max(result.width(), result.height()) > Transformation.LONGEST_SIDE) {
            throw invalid("The result would have " + size + " pixels; up to " + Transformation.LONGEST_SIDE
                    + " are allowed on a side.");
        }
        if (result.area() > resultPixels) {
            throw invalid("The result would have " + size + " pixels; up to " + resultPixels + " are allowed.");
        }
        if (result.area() * frameCount > totalPixels) {
            throw invalid("The " + frameCount + " frames of the result would have " + result.area() * frameCount
                    + " pixels together; up to " + totalPixels + " are allowed.");
        }
        if (format == MediaType.AVIF && !allowAvif(geometry)) {
            throw invalid("The result would have " + size + " pixels; as AVIF up to " + avifPixels + " are allowed.");
        }
        Size scaled = geometry.scaled();
        if (scaled.area() > pixels || Math.max(scaled.width(), scaled.height()) > LONGEST_STEP) {
            throw invalid("The picture would be scaled to " + scaled.width() + " x " + scaled.height()
                    + " pixels before it is cut; up to " + pixels + ", and " + LONGEST_STEP
                    + " on a side, are allowed.");
        }
    }

    private static Failure invalid(String message) {
        return new Failure(Failure.Kind.INVALID, message);
    }

    private static ImageRejected tooLarge(String detail) {
        return new ImageRejected(Reason.TOO_LARGE, detail);
    }
}
