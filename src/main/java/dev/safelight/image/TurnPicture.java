package dev.safelight.image;

import dev.safelight.transform.Transformation.Turn;

/// Turns and mirrors a picture: first as the camera says, then as the caller does.
///
/// @param cameraDegrees clockwise
/// @param cameraFlip whether it is mirrored after that
record TurnPicture(int cameraDegrees, boolean cameraFlip, Turn turn) {

    /// @param orientation of EXIF, 1 to 8
    static TurnPicture of(int orientation, Turn turn) {
        if (!turn.auto()) {
            return new TurnPicture(0, false, turn);
        }
        int degrees = switch (orientation) {
            case 3, 4 -> 180;
            case 5, 6 -> 90;
            case 7, 8 -> 270;
            default -> 0;
        };
        boolean flip = orientation == 2 || orientation == 4 || orientation == 5 || orientation == 7;
        return new TurnPicture(degrees, flip, turn);
    }

    /// Whether rows are needed in another order than they are decoded in.
    boolean needsAllRows() {
        return cameraDegrees != 0 || turn.degrees() != 0 || turn.flipVertically();
    }

    NativeImage of(NativeImage image, ImageScope scope) throws VipsException {
        NativeImage upright = mirrored(turned(image, cameraDegrees, scope), cameraFlip, "horizontal", scope);
        NativeImage turned = turned(upright, turn.degrees(), scope);
        NativeImage mirrored = mirrored(turned, turn.flipHorizontally(), "horizontal", scope);
        return mirrored(mirrored, turn.flipVertically(), "vertical", scope);
    }

    private static NativeImage turned(NativeImage image, int degrees, ImageScope scope) throws VipsException {
        return degrees == 0
                ? image
                : scope.keep(image.operation("rot").with("angle", "d" + degrees).toImage());
    }

    private static NativeImage mirrored(NativeImage image, boolean wanted, String direction, ImageScope scope)
            throws VipsException {
        return wanted
                ? scope.keep(
                        image.operation("flip").with("direction", direction).toImage())
                : image;
    }
}
