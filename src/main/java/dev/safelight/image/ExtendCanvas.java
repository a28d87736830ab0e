package dev.safelight.image;

import dev.safelight.asset.MediaType;
import dev.safelight.transform.Color;
import dev.safelight.transform.Gravity;
import dev.safelight.transform.Transformation.Canvas;
import org.jspecify.annotations.Nullable;

/// Lays a picture on a larger canvas, and on a background.
final class ExtendCanvas {
    private static final Color JPEG_BACKGROUND = Color.WHITE;

    private ExtendCanvas() {}

    static NativeImage of(NativeImage image, Canvas canvas, Geometry geometry, MediaType format, ImageScope scope)
            throws VipsException {
        Color background = background(canvas.background(), format);
        Rect place = place(canvas, geometry);
        boolean extended = !place.isAll(geometry.result());
        NativeImage large = extended ? embedded(image, place, geometry.result(), background, scope) : image;
        return background == null || !large.hasAlpha() ? large : onto(large, background, scope);
    }

    /// Null for none: then what is transparent stays so.
    private static @Nullable Color background(@Nullable Color wanted, MediaType format) {
        if (format != MediaType.JPEG) {
            return wanted == null || wanted.alpha() == 0 ? null : wanted;
        }
        if (wanted == null) {
            return JPEG_BACKGROUND;
        }
        return new Color(
                onWhite(wanted.red(), wanted), onWhite(wanted.green(), wanted), onWhite(wanted.blue(), wanted), 255);
    }

    private static int onWhite(int sample, Color color) {
        return Math.ceilDiv((sample * color.alpha()) + (255 * (255 - color.alpha())), 255);
    }

    private static Rect place(Canvas canvas, Geometry geometry) {
        Gravity gravity = canvas.extend();
        if (gravity == null) {
            gravity = canvas.extendAspectRatio();
        }
        Rect inCanvas = gravity == null
                ? Rect.of(geometry.cut())
                : Rect.within(geometry.extended(), geometry.cut(), gravity, geometry.dpr());
        return geometry.unpadded().part(inCanvas);
    }

    private static NativeImage embedded(
            NativeImage image, Rect place, Size size, @Nullable Color background, ImageScope scope)
            throws VipsException {
        if (background != null && background.isOpaque() && !image.hasAlpha()) {
            return scope.keep(embed(image, place, size)
                    .with("extend", "background")
                    .with("background", rgb(background))
                    .toImage());
        }
        NativeImage layer = image.hasAlpha() ? image : withAlpha(image, scope);
        return scope.keep(embed(layer, place, size).with("extend", "black").toImage());
    }

    private static Operation embed(NativeImage image, Rect place, Size size) {
        return image.operation("embed")
                .with("x", place.left())
                .with("y", place.top())
                .with("width", size.width())
                .with("height", size.height());
    }

    static NativeImage withAlpha(NativeImage image, ImageScope scope) throws VipsException {
        return scope.keep(image.operation("bandjoin_const").with("c", "255").toImage());
    }

    private static NativeImage onto(NativeImage image, Color background, ImageScope scope) throws VipsException {
        if (background.isOpaque()) {
            return scope.keep(image.operation("flatten")
                    .with("background", rgb(background))
                    .toImage());
        }
        NativeImage plane = scope.keep(image.operation("linear")
                .with("a", "0 0 0 0")
                .with("b", rgb(background) + " " + background.alpha())
                .with("uchar", true)
                .toImage());
        return composed(plane, image, 0, 0, scope);
    }

    /// Lays one picture over another; the result is as transparent as the lower one where the upper one is not.
    static NativeImage composed(NativeImage base, NativeImage overlay, int left, int top, ImageScope scope)
            throws VipsException {
        NativeImage both = scope.keep(base.vips()
                .operation("composite2")
                .image("base", base)
                .image("overlay", overlay)
                .with("mode", "over")
                .with("x", left)
                .with("y", top)
                .with("compositing-space", "srgb")
                .toImage());
        NativeImage bytes =
                scope.keep(both.operation("cast").with("format", "uchar").toImage());
        return base.hasAlpha() || !bytes.hasAlpha()
                ? bytes
                : scope.keep(bytes.operation("extract_band")
                        .with("band", 0)
                        .with("n", base.bands())
                        .toImage());
    }

    private static String rgb(Color color) {
        return color.red() + " " + color.green() + " " + color.blue();
    }
}
