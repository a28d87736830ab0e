package dev.safelight.image;

import dev.safelight.transform.Gravity;
import dev.safelight.transform.Gravity.Direction;

/// A part of a picture in pixels; it may hang over where something is laid upon a picture.
record Rect(int left, int top, int width, int height) {

    static Rect of(Size size) {
        return new Rect(0, 0, size.width(), size.height());
    }

    Size size() {
        return new Size(width, height);
    }

    boolean isAll(Size of) {
        return left == 0 && top == 0 && width == of.width() && height == of.height();
    }

    /// Where a box lies in a larger one, wholly inside.
    ///
    /// @param dpr what pixels of an offset are multiplied with
    static Rect within(Size outer, Size inner, Gravity gravity, double dpr) {
        Rect free = at(outer, inner, gravity, dpr);
        return new Rect(
                Math.clamp(free.left, 0, Math.max(0, outer.width() - inner.width())),
                Math.clamp(free.top, 0, Math.max(0, outer.height() - inner.height())),
                inner.width(),
                inner.height());
    }

    /// Where something is laid upon a picture, of which at least a pixel shows.
    static Rect upon(Size outer, Size inner, Gravity gravity, double dpr) {
        Rect free = at(outer, inner, gravity, dpr);
        return new Rect(
                Math.clamp(free.left, 1 - inner.width(), outer.width() - 1),
                Math.clamp(free.top, 1 - inner.height(), outer.height() - 1),
                inner.width(),
                inner.height());
    }

    private static Rect at(Size outer, Size inner, Gravity gravity, double dpr) {
        return switch (gravity) {
            case Gravity.Point point ->
                new Rect(
                        (int) Math.rint(outer.width() * point.x()) - (inner.width() / 2),
                        (int) Math.rint(outer.height() * point.y()) - (inner.height() / 2),
                        inner.width(),
                        inner.height());
            case Gravity.Compass compass ->
                new Rect(
                        along(compass.direction().x(), outer.width(), inner.width(), compass.x(), dpr),
                        along(compass.direction().y(), outer.height(), inner.height(), compass.y(), dpr),
                        inner.width(),
                        inner.height());
            // The focal point is looked up by the caller, and the smart one is found in pixels; else the middle serves.
            case Gravity.Smart _, Gravity.Focal _ -> at(outer, inner, new Gravity.Compass(Direction.CENTER, 0, 0), dpr);
        };
    }

    private static int along(double side, int outer, int inner, double offset, double dpr) {
        int moved = (int) Math.rint(Math.abs(offset) >= 1 ? offset * dpr : outer * offset);
        if (side == 0) {
            return moved;
        }
        return side == 1 ? outer - inner - moved : (int) Math.rint((outer - inner + 1) / 2.0) + moved;
    }

    /// The same part of a picture at another size; never empty, never outside.
    Rect scaled(Size from, Size to) {
        double x = (double) to.width() / from.width();
        double y = (double) to.height() / from.height();
        int newLeft = Math.clamp(Math.round(left * x), 0, to.width() - 1);
        int newTop = Math.clamp(Math.round(top * y), 0, to.height() - 1);
        return new Rect(
                newLeft,
                newTop,
                Math.clamp(Math.round((left + width) * x) - newLeft, 1, to.width() - newLeft),
                Math.clamp(Math.round((top + height) * y) - newTop, 1, to.height() - newTop));
    }

    /// A part of this part, seen from the whole.
    Rect part(Rect inner) {
        return new Rect(left + inner.left, top + inner.top, inner.width, inner.height);
    }

    /// Cuts it out, lazily.
    NativeImage of(NativeImage image, ImageScope scope) throws VipsException {
        if (isAll(new Size(image.width(), image.height()))) {
            return image;
        }
        return scope.keep(image.vips()
                .operation("extract_area")
                .image("input", image)
                .with("left", left)
                .with("top", top)
                .with("width", width)
                .with("height", height)
                .toImage());
    }
}
