package dev.safelight.image;

import dev.safelight.transform.Gravity;
import dev.safelight.transform.Transformation.Watermark;

/// Lays a second picture over a result, once or all over.
///
/// @param layer in memory, scaled and as opaque as it is laid on; as large as the result when it is repeated
record LayWatermark(NativeImage layer, int left, int top) {
    /// Smaller tiles are joined into larger ones first, because each takes a call.
    private static final int LEAST_TILE = 128;

    /// @param picture in memory, with or without alpha
    /// @param result the size of a frame
    /// @param dpr what pixels of an offset are multiplied with
    static LayWatermark of(NativeImage picture, Watermark wanted, Size result, double dpr, ImageScope scope)
            throws VipsException {
        NativeImage scaled = picture;
        if (wanted.scale() > 0) {
            double factor = wanted.scale()
                    * Math.min((double) result.width() / picture.width(), (double) result.height() / picture.height());
            scaled = ResizePicture.to(picture, new Size(picture.width(), picture.height()).times(factor), scope);
        }
        NativeImage layer = scaled.hasAlpha() ? scaled : ExtendCanvas.withAlpha(scaled, scope);
        if (wanted.opacity() < 1) {
            layer = scope.keep(layer.operation("linear")
                    .with("a", "1 1 1 " + wanted.opacity())
                    .with("b", "0 0 0 0")
                    .with("uchar", true)
                    .toImage());
        }
        layer = scope.keep(layer.inMemory());
        Size size = new Size(layer.width(), layer.height());
        if (wanted.place() == null) {
            return new LayWatermark(repeated(layer, wanted, result, dpr, scope), 0, 0);
        }
        Gravity place = new Gravity.Compass(wanted.place(), wanted.x(), wanted.y());
        Rect at = Rect.upon(result, size, place, dpr);
        return new LayWatermark(layer, at.left(), at.top());
    }

    NativeImage on(NativeImage frame, ImageScope scope) throws VipsException {
        return ExtendCanvas.composed(frame, layer, left, top, scope);
    }

    /// One tile lies in the middle, and the gaps are shared out between both of its sides.
    private static NativeImage repeated(NativeImage layer, Watermark wanted, Size result, double dpr, ImageScope scope)
            throws VipsException {
        int gapX = gap(wanted.x(), result.width(), dpr);
        int gapY = gap(wanted.y(), result.height(), dpr);
        NativeImage tile = gapX + gapY == 0
                ? layer
                : scope.keep(layer.operation("embed")
                        .with("x", gapX / 2)
                        .with("y", gapY / 2)
                        .with("width", layer.width() + gapX)
                        .with("height", layer.height() + gapY)
                        .toImage());
        NativeImage block =
                scope.keep(replicated(tile, odd(LEAST_TILE, tile.width()), odd(LEAST_TILE, tile.height()), scope)
                        .inMemory());
        int across = odd(result.width(), block.width());
        int down = odd(result.height(), block.height());
        NativeImage all = replicated(block, across, down, scope);
        return new Rect(
                        (all.width() - result.width()) / 2,
                        (all.height() - result.height()) / 2,
                        result.width(),
                        result.height())
                .of(all, scope);
    }

    private static int gap(double wanted, int side, double dpr) {
        double gap = Math.abs(wanted) >= 1 ? wanted * dpr : side * wanted;
        // More than the whole result between two of them shows no more than one.
        return (int) Math.clamp(Math.rint(gap), 0, 2.0 * side);
    }

    private static NativeImage replicated(NativeImage tile, int across, int down, ImageScope scope)
            throws VipsException {
        return across == 1 && down == 1
                ? tile
                : scope.keep(tile.operation("replicate")
                        .with("across", across)
                        .with("down", down)
                        .toImage());
    }

    /// The least odd number of pieces that cover a length.
    private static int odd(int length, int piece) {
        return Math.ceilDiv(length, piece) | 1;
    }
}
