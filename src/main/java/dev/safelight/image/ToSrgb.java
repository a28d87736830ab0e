package dev.safelight.image;

/// Brings any colours to 8-bit sRGB, the one colour space in which an untagged picture looks right everywhere.
final class ToSrgb {
    /// Steps of 32 along each axis of the RGB cube.
    private static final int STEPS = 9;

    /// By how much a profile may move a colour, of 255, and still count as sRGB.
    private static final int TOLERANCE = 2;

    private ToSrgb() {}

    static NativeImage convert(NativeImage image, ImageScope scope) throws VipsException {
        if (image.isSrgb() && (!image.has(NativeImage.PROFILE) || profileIsSrgb(image))) {
            return image;
        }
        NativeImage managed = managed(image, scope);
        return managed.isSrgb()
                ? managed
                : scope.keep(
                        managed.operation("colourspace").with("space", "srgb").toImage());
    }

    /// Follows the profile in the file; CMYK without one is taken for coated offset print.
    private static NativeImage managed(NativeImage image, ImageScope scope) throws VipsException {
        if (!image.has(NativeImage.PROFILE) && !image.isCmyk()) {
            return image;
        }
        try {
            return scope.keep(image.operation("icc_transform")
                    .with("output-profile", "srgb")
                    .with("input-profile", image.isCmyk() ? "cmyk" : "srgb")
                    .with("embedded", true)
                    .with("depth", 8)
                    .toImage());
        } catch (VipsException e) {
            if (image.isCmyk()) {
                throw e;
            }
            // A profile that does not fit its pixels says nothing about them.
            return image;
        }
    }

    /// Whether the profile is sRGB by another name, which most photos carry: then converting every pixel is wasted.
    private static boolean profileIsSrgb(NativeImage image) {
        byte[] cube = cube();
        try (NativeImage colours = NativeImage.ofRgb(image.vips(), cube, STEPS * STEPS, STEPS)) {
            colours.takeProfileOf(image);
            try (NativeImage moved = colours.operation("icc_transform")
                    .with("output-profile", "srgb")
                    .with("embedded", true)
                    .with("depth", 8)
                    .toImage()) {
                return near(cube, moved.pixels());
            }
        } catch (VipsException _) {
            return false;
        }
    }

    private static byte[] cube() {
        byte[] cube = new byte[STEPS * STEPS * STEPS * 3];
        for (int i = 0; i < STEPS * STEPS * STEPS; i++) {
            cube[3 * i] = level(i % STEPS);
            cube[(3 * i) + 1] = level(i / STEPS % STEPS);
            cube[(3 * i) + 2] = level(i / STEPS / STEPS);
        }
        return cube;
    }

    private static byte level(int step) {
        return (byte) (step * 255 / (STEPS - 1));
    }

    private static boolean near(byte[] one, byte[] other) {
        if (one.length != other.length) {
            return false;
        }
        for (int i = 0; i < one.length; i++) {
            if (Math.abs((one[i] & 0xff) - (other[i] & 0xff)) > TOLERANCE) {
                return false;
            }
        }
        return true;
    }
}
