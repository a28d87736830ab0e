package dev.safelight.image;

import dev.safelight.transform.Gravity;
import dev.safelight.transform.Transformation;
import dev.safelight.transform.Transformation.Watermark;

/// Lays a second picture over a result, once or all over.
///
/// @param layer in memory, scaled and as opaque as it is laid on; as large as the result when it is repeated
record LayWatermark(NativeImage layer, int left, int top) {
    /// Smaller tiles are joined into larger ones first, because each takes a call.
    private static final int LEAST_TILE = 128;

    /// Between two of them.
    private record Gap(int x, int y) {}

    /// @param picture with or without alpha; its rows are read once
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
        Size size = new Size(scaled.width(), scaled.height());
        if (wanted.place() == null) {
            Gap gap = new Gap(gap(wanted.x(), result.width(), dpr), gap(wanted.y(), result.height(), dpr));
            Rect shown = middle(size, gap, result);
            Gap left =
                    new Gap(shown.width() < size.width() ? 0 : gap.x(), shown.height() < size.height() ? 0 : gap.y());
            NativeImage layer = layer(shown.of(scaled, scope), wanted.opacity(), scope);
            return new LayWatermark(repeated(layer, left, result, scope), 0, 0);
        }
        Gravity place = new Gravity.Compass(wanted.place(), wanted.x(), wanted.y());
        Rect at = Rect.upon(result, size, place, dpr);
        // What lies outside of the result is never in memory.
        int left = Math.max(0, at.left());
        int top = Math.max(0, at.top());
        Rect shown = new Rect(
                left - at.left(),
                top - at.top(),
                Math.min(result.width(), at.left() + at.width()) - left,
                Math.min(result.height(), at.top() + at.height()) - top);
        return new LayWatermark(layer(shown.of(scaled, scope), wanted.opacity(), scope), left, top);
    }

    private static NativeImage layer(NativeImage picture, double opacity, ImageScope scope) throws VipsException {
        NativeImage layer = picture.hasAlpha() ? picture : ExtendCanvas.withAlpha(picture, scope);
        if (opacity < 1) {
            layer = scope.keep(layer.operation("linear")
                    .with("a", "1 1 1 " + opacity)
                    .with("b", "0 0 0 0")
                    .with("uchar", true)
                    .toImage());
        }
        return scope.keep(layer.inMemory());
    }

    NativeImage on(NativeImage frame, ImageScope scope) throws VipsException {
        return ExtendCanvas.composed(frame, layer, left, top, scope);
    }

    /// What shows of a tile that is larger than the result.
    private static Rect middle(Size tile, Gap gap, Size result) {
        int left = Math.max(0, ((tile.width() + gap.x() - result.width()) / 2) - (gap.x() / 2));
        int top = Math.max(0, ((tile.height() + gap.y() - result.height()) / 2) - (gap.y() / 2));
        return new Rect(left, top, Math.min(tile.width(), result.width()), Math.min(tile.height(), result.height()));
    }

    /// One tile lies in the middle, and the gaps are shared out between both of its sides.
    private static NativeImage repeated(NativeImage layer, Gap gap, Size result, ImageScope scope)
            throws VipsException {
        NativeImage tile = gap.x() + gap.y() == 0
                ? layer
                : scope.keep(layer.operation("embed")
                        .with("x", gap.x() / 2)
                        .with("y", gap.y() / 2)
                        .with("width", layer.width() + gap.x())
                        .with("height", layer.height() + gap.y())
                        .toImage());
        int blockAcross = odd(Math.min(LEAST_TILE, result.width()), tile.width());
        int blockDown = odd(Math.min(LEAST_TILE, result.height()), tile.height());
        NativeImage block = replicated(tile, blockAcross, blockDown, scope);
        if (block != tile) {
            // Not what lies beyond the result along its other side, either.
            block = scope.keep(shown(block, result, blockAcross == 1, blockDown == 1, scope)
                    .inMemory());
        }
        int across = odd(result.width(), block.width());
        int down = odd(result.height(), block.height());
        return shown(replicated(block, across, down, scope), result, true, true, scope);
    }

    /// The middle of a picture where it is larger than the result.
    private static NativeImage shown(
            NativeImage all, Size result, boolean horizontally, boolean vertically, ImageScope scope)
            throws VipsException {
        int width = horizontally ? Math.min(all.width(), result.width()) : all.width();
        int height = vertically ? Math.min(all.height(), result.height()) : all.height();
        return new Rect((all.width() - width) / 2, (all.height() - height) / 2, width, height).of(all, scope);
    }

    /// The memory of a block of tiles: a few of them wide, and as long as the result at most.
    static long blockBytes(Watermark wanted, Geometry geometry) {
        Size result = geometry.result();
        int longest = geometry.isExact() ? Math.max(result.width(), result.height()) : Transformation.LONGEST_SIDE;
        return wanted.place() == null ? 4L * (3 * LEAST_TILE) * longest : 0;
    }

    private static int gap(double wanted, int side, double dpr) {
        double gap = Math.abs(wanted) >= 1 ? wanted * dpr : side * wanted;
        // More than the whole result between two of them shows no more than one.
        return (int) Math.clamp(Math.rint(gap), 0, (double) side);
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
