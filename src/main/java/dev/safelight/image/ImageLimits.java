package dev.safelight.image;

import dev.safelight.asset.Reason;

/// How large a picture may be; checked on the header, before any pixel is decoded.
///
/// @param pixels of one frame
/// @param frames of an animation, or pages
/// @param totalPixels over all frames of an animation, which are all in memory at once
public record ImageLimits(long pixels, int frames, long totalPixels) {
    public static final ImageLimits DEFAULT = new ImageLimits(100_000_000, 500, 100_000_000);

    public ImageLimits {
        if (pixels < 1 || frames < 1 || totalPixels < 1) {
            throw new IllegalArgumentException("limits of an image are at least 1");
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
