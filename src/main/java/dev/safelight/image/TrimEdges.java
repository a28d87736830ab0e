package dev.safelight.image;

import dev.safelight.transform.Color;
import dev.safelight.transform.Transformation.Trim;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds what is left of a picture without its edges of one colour.
final class TrimEdges {
    /// Stands for transparency, since it is rare as the colour of an edge.
    private static final String UNLIKELY = "255 0 255";

    private TrimEdges() {}

    /// @param image in memory, as it is read more than once
    /// @return all of it when it is nothing but edge
    static Rect find(NativeImage image, Trim trim, ImageScope scope) throws VipsException {
        Size size = new Size(image.width(), image.height());
        NativeImage opaque = image.hasAlpha()
                ? scope.keep(
                        image.operation("flatten").with("background", UNLIKELY).toImage())
                : image;
        List<Integer> found = opaque.operation("find_trim")
                .with("threshold", trim.threshold())
                .with("background", background(opaque, trim.color(), scope))
                .toNumbers(List.of("left", "top", "width", "height"));
        int left = found.get(0);
        int top = found.get(1);
        int right = size.width() - left - found.get(2);
        int bottom = size.height() - top - found.get(3);
        if (found.get(2) == 0 || found.get(3) == 0) {
            return Rect.of(size);
        }
        if (trim.equalHorizontally()) {
            left = Math.min(left, right);
            right = left;
        }
        if (trim.equalVertically()) {
            top = Math.min(top, bottom);
            bottom = top;
        }
        return new Rect(left, top, size.width() - left - right, size.height() - top - bottom);
    }

    private static String background(NativeImage image, @Nullable Color color, ImageScope scope) throws VipsException {
        if (color != null) {
            return color.red() + " " + color.green() + " " + color.blue();
        }
        byte[] corner = new Rect(0, 0, 1, 1).of(image, scope).pixels();
        return (corner[0] & 0xff) + " " + (corner[1] & 0xff) + " " + (corner[2] & 0xff);
    }
}
