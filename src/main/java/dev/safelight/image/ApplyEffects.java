package dev.safelight.image;

import dev.safelight.transform.Transformation.Effects;

/// Blurs, sharpens, pixelates and takes colour away; the size stays.
final class ApplyEffects {
    /// A wider blur is made of a smaller picture, since its cost grows with the radius and its result has no detail.
    private static final double WIDEST = 8;

    private static final double SHARPEST = 10;
    private static final int COLOURS = 3;

    private ApplyEffects() {}

    /// @param image in memory: several rows are looked at for each one
    /// @param dpr what lengths are multiplied with
    static NativeImage to(NativeImage image, Effects effects, double dpr, ImageScope scope) throws VipsException {
        int side = (int) Math.min(Math.rint(effects.pixelate() * dpr), Math.max(image.width(), image.height()));
        boolean mixes = effects.blur() > 0 || side > 1;
        boolean weighs = mixes && image.hasAlpha();
        NativeImage result = image;
        if (weighs) {
            result = scope.keep(result.operation("premultiply").toImage());
        }
        if (effects.blur() > 0) {
            result = blurred(result, effects.blur() * dpr, scope);
        }
        if (side > 1) {
            result = pixelated(result, side, scope);
        }
        if (weighs) {
            result = ResizePicture.unweighted(result, scope);
        }
        if (effects.sharpen() > 0) {
            result = scope.keep(result.operation("sharpen")
                    .with("sigma", Math.min(SHARPEST, effects.sharpen() * dpr))
                    .toImage());
        }
        return effects.grayscale() ? grey(result, scope) : result;
    }

    private static NativeImage blurred(NativeImage image, double sigma, ImageScope scope) throws VipsException {
        if (sigma <= 2 * WIDEST) {
            return scope.keep(image.operation("gaussblur").with("sigma", sigma).toImage());
        }
        Size size = new Size(image.width(), image.height());
        Size small = size.times(WIDEST / sigma);
        double left = WIDEST
                * Math.min(
                        1,
                        (double) Math.max(small.width(), small.height())
                                / (Math.max(size.width(), size.height()) * WIDEST / sigma));
        NativeImage shrunk = scope.keep(resized(image, small, "lanczos3").inMemory());
        NativeImage soft = scope.keep(
                scope.keep(shrunk.operation("gaussblur").with("sigma", left).toImage())
                        .inMemory());
        return scope.keep(resized(soft, size, "cubic"));
    }

    private static NativeImage resized(NativeImage image, Size size, String kernel) throws VipsException {
        return image.operation("resize")
                .with("scale", (double) size.width() / image.width())
                .with("vscale", (double) size.height() / image.height())
                .with("kernel", kernel)
                .toImage();
    }

    /// Squares that are cut off at the right and the bottom take the missing pixels from their mirror image.
    private static NativeImage pixelated(NativeImage image, int side, ImageScope scope) throws VipsException {
        int across = Math.ceilDiv(image.width(), side);
        int down = Math.ceilDiv(image.height(), side);
        NativeImage whole = scope.keep(image.operation("embed")
                .with("x", 0)
                .with("y", 0)
                .with("width", across * side)
                .with("height", down * side)
                .with("extend", "mirror")
                .toImage());
        NativeImage means = scope.keep(whole.operation("shrink")
                .with("hshrink", side)
                .with("vshrink", side)
                .toImage());
        // Else they would be computed again, with all that is blurred for them, for every part of the result.
        NativeImage few = scope.keep(means.inMemory());
        NativeImage squares = scope.keep(few.vips()
                .operation("zoom")
                .image("input", few)
                .with("xfac", side)
                .with("yfac", side)
                .toImage());
        return new Rect(0, 0, image.width(), image.height()).of(squares, scope);
    }

    private static NativeImage grey(NativeImage image, ImageScope scope) throws VipsException {
        NativeImage grey =
                scope.keep(image.operation("colourspace").with("space", "b-w").toImage());
        return grey.bands() >= COLOURS
                ? grey
                : scope.keep(grey.operation("colourspace").with("space", "srgb").toImage());
    }
}
