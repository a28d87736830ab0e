package dev.safelight.image;

import dev.safelight.transform.Gravity;
import dev.safelight.transform.Transformation.Turn;

/// Turns and mirrors a picture: first as the camera says, unless it is wanted as stored, then as the caller does.
///
/// @param cameraDegrees clockwise, to make it upright
/// @param cameraFlip whether it is mirrored after that
record TurnPicture(int cameraDegrees, boolean cameraFlip, Turn turn) {

    /// @param orientation of EXIF, 1 to 8
    static TurnPicture of(int orientation, Turn turn) {
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
        return (turn.auto() && cameraDegrees != 0) || turn.degrees() != 0 || turn.flipVertically();
    }

    /// Where a point of the upright picture comes to lie.
    Gravity.Point of(Gravity.Point upright) {
        Gravity.Point start = upright;
        if (!turn.auto()) {
            // Where the camera has stored it: all that it would have the viewer do, undone from the end.
            start = turned(mirrored(start, cameraFlip, false), (360 - cameraDegrees) % 360);
        }
        return mirrored(turned(start, turn.degrees()), turn.flipHorizontally(), turn.flipVertically());
    }

    private static Gravity.Point turned(Gravity.Point point, int degrees) {
        double x = point.x();
        double y = point.y();
        return switch (degrees) {
            case 90 -> new Gravity.Point(1 - y, x);
            case 180 -> new Gravity.Point(1 - x, 1 - y);
            case 270 -> new Gravity.Point(y, 1 - x);
            default -> point;
        };
    }

    private static Gravity.Point mirrored(Gravity.Point point, boolean horizontally, boolean vertically) {
        return new Gravity.Point(horizontally ? 1 - point.x() : point.x(), vertically ? 1 - point.y() : point.y());
    }

    NativeImage of(NativeImage image, ImageScope scope) throws VipsException {
        NativeImage upright =
                turn.auto() ? mirrored(turned(image, cameraDegrees, scope), cameraFlip, "horizontal", scope) : image;
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
