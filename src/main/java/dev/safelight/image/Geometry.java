package dev.safelight.image;

import dev.safelight.transform.Transformation;
import dev.safelight.transform.Transformation.Canvas;
import dev.safelight.transform.Transformation.Crop;
import dev.safelight.transform.Transformation.Fit;
import dev.safelight.transform.Transformation.Padding;
import dev.safelight.transform.Transformation.Resize;
import org.jspecify.annotations.Nullable;

/// The sizes that a picture goes through on its way to a result; arithmetic alone, without a pixel.
///
/// The rules are those of imgproxy's `processing/prepare.go`: what cannot be enlarged keeps the shape that
/// was asked for, `dpr` gives way first, and a minimum wins over the box, which then cuts.
public final class Geometry {
    /// The relative error of a few multiplications.
    private static final double SAME = 1e-9;

    /// Beyond every limit, and far enough from an overflow.
    private static final int LARGEST = 500_000_000;

    /// The whole of what is cropped and resized: upright, turned, trimmed.
    private final Size picture;

    private final Size crop;
    private final Size scaled;
    private final Size cut;
    private final Size extended;
    private final Size result;
    private final Rect unpadded;
    private final double dpr;
    private final boolean trimmed;
    private final long mostPixels;

    private Geometry(
            Size picture,
            Size crop,
            Size scaled,
            Size cut,
            Size extended,
            Padding padding,
            double dpr,
            boolean trimmed,
            long mostPixels) {
        this.picture = picture;
        this.crop = crop;
        this.scaled = scaled;
        this.cut = cut;
        this.extended = extended;
        this.unpadded =
                new Rect(even(padding.left(), dpr), even(padding.top(), dpr), extended.width(), extended.height());
        this.result = new Size(
                extended.width() + unpadded.left() + even(padding.right(), dpr),
                extended.height() + unpadded.top() + even(padding.bottom(), dpr));
        this.dpr = dpr;
        this.trimmed = trimmed;
        this.mostPixels = trimmed ? mostPixels : result.area();
    }

    /// @param width of the original as displayed; as stored, when it is not to be turned upright
    /// @param height the same
    /// @param vector whether it can be drawn at any size without loss, so that it may always grow
    public static Geometry of(int width, int height, boolean vector, Transformation wanted) {
        boolean turned = wanted.turn().degrees() % 180 != 0;
        Size original = new Size(width, height);
        Size picture = turned ? original.turned() : original;
        return of(picture, vector, wanted, wanted.trim() != null);
    }

    /// @param picture already turned and trimmed
    static Geometry of(Size picture, boolean vector, Transformation wanted) {
        return of(picture, vector, wanted, false);
    }

    private static Geometry of(Size picture, boolean vector, Transformation wanted, boolean trimmed) {
        Resize resize = wanted.resize();
        Size crop = crop(picture, wanted.crop());
        Factors factors = Factors.of(crop, vector, wanted);
        double dpr = factors.dpr;
        int boxWidth = scale(resize.width(), dpr * resize.zoomX());
        int boxHeight = scale(resize.height(), dpr * resize.zoomY());
        Size scaled = factors.of(crop);
        Size cut = cut(scaled, boxWidth, boxHeight, resize);
        Size extended = cut;
        if (wanted.canvas().extend() != null) {
            extended = new Size(Math.max(cut.width(), boxWidth), Math.max(cut.height(), boxHeight));
        }
        if (wanted.canvas().extendAspectRatio() != null && boxWidth > 0 && boxHeight > 0) {
            extended = withShape(extended, boxWidth, boxHeight);
        }
        return new Geometry(
                picture,
                crop,
                scaled,
                cut,
                extended,
                wanted.canvas().padding(),
                dpr,
                trimmed,
                mostPixels(picture, vector, wanted));
    }

    /// The area of the result, whatever trimming leaves of the picture.
    private static long mostPixels(Size picture, boolean vector, Transformation wanted) {
        Resize resize = wanted.resize();
        if (wanted.canvas().extendAspectRatio() != null) {
            return Long.MAX_VALUE;
        }
        boolean grows = resize.enlarge() || vector || resize.minWidth() > 0 || resize.minHeight() > 0;
        double dpr = Math.max(1, resize.dpr());
        int boxWidth = scale(resize.width(), dpr * resize.zoomX());
        int boxHeight = scale(resize.height(), dpr * resize.zoomY());
        boolean boxed = resize.fit() != Fit.OUTSIDE;
        long width = most(boxed, boxWidth, grows ? LARGEST : picture.width(), wanted.canvas());
        long height = most(boxed, boxHeight, grows ? LARGEST : picture.height(), wanted.canvas());
        Padding padding = wanted.canvas().padding();
        return (width + even(padding.left() + padding.right(), dpr) + 1)
                * (height + even(padding.top() + padding.bottom(), dpr) + 1);
    }

    private static long most(boolean boxed, int box, int side, Canvas canvas) {
        if (box == 0) {
            return side;
        }
        int cut = boxed ? Math.min(box, side) : side;
        return canvas.extend() == null ? cut : Math.max(cut, box);
    }

    private static Size crop(Size picture, @Nullable Crop crop) {
        return crop == null
                ? picture
                : new Size(crop(picture.width(), crop.width()), crop(picture.height(), crop.height()));
    }

    private static int crop(int whole, double wanted) {
        if (wanted == 0) {
            return whole;
        }
        return Math.clamp(wanted < 1 ? Math.round(whole * wanted) : (long) wanted, 1, whole);
    }

    private static Size cut(Size scaled, int boxWidth, int boxHeight, Resize resize) {
        if (resize.fit() == Fit.OUTSIDE) {
            return scaled;
        }
        double missingX = (double) boxWidth / scaled.width();
        double missingY = (double) boxHeight / scaled.height();
        if (resize.fit() == Fit.COVER_DOWN && !resize.enlarge() && boxWidth > 0 && boxHeight > 0) {
            if (missingX > missingY && missingX > 1) {
                return least(scaled, scaled.width(), atLeastOne(scaled.width() * ((double) boxHeight / boxWidth)));
            }
            if (missingY > missingX && missingY > 1) {
                return least(scaled, atLeastOne(scaled.height() * ((double) boxWidth / boxHeight)), scaled.height());
            }
        }
        return least(scaled, boxWidth, boxHeight);
    }

    private static Size least(Size size, int width, int height) {
        return new Size(
                width == 0 ? size.width() : Math.min(width, size.width()),
                height == 0 ? size.height() : Math.min(height, size.height()));
    }

    /// The least size of a shape that holds another.
    private static Size withShape(Size inner, int shapeWidth, int shapeHeight) {
        double x = (double) shapeWidth / inner.width();
        double y = (double) shapeHeight / inner.height();
        if (y > x) {
            int height = atLeastOne(inner.width() * ((double) shapeHeight / shapeWidth));
            return new Size(inner.width(), Math.max(inner.height(), height));
        }
        if (x > y) {
            int width = atLeastOne(inner.height() * ((double) shapeWidth / shapeHeight));
            return new Size(Math.max(inner.width(), width), inner.height());
        }
        return inner;
    }

    private static int even(int value, double factor) {
        return (int) Math.rint(value * factor);
    }

    private static int scale(int value, double factor) {
        return value == 0 ? 0 : atLeastOne(value * factor);
    }

    /// Rounds to a side of a picture. Two ways to compute one number may end on different sides of a half,
    /// so what is as near to one as that counts as it.
    private static int atLeastOne(double value) {
        double half = Math.rint(value * 2) / 2;
        double settled = Math.abs(value - half) < SAME * Math.max(1, value) ? half : value;
        return Math.clamp(Math.round(settled), 1, LARGEST);
    }

    /// By how much each side grows, and what is left of the wanted `dpr`.
    private record Factors(double x, double y, double dpr) {

        static Factors of(Size source, boolean vector, Transformation wanted) {
            Resize resize = wanted.resize();
            Factors box = toBox(source, resize);
            double x = box.x * resize.zoomX();
            double y = box.y * resize.zoomY();
            double dpr = resize.dpr();
            if (!resize.enlarge() && !vector) {
                double over = Math.max(x, y);
                if (over > 1) {
                    x /= over;
                    y /= over;
                    // A canvas keeps its composition at any dpr; without one the missing pixels count for it.
                    dpr *= wanted.canvas().extend() == null ? over : 1;
                }
                dpr = Math.min(dpr, 1 / Math.max(x, y));
            }
            double leastX = (double) resize.minWidth() / source.width();
            if (x < leastX) {
                y *= leastX / x;
                x = leastX;
            }
            double leastY = (double) resize.minHeight() / source.height();
            if (y < leastY) {
                x *= leastY / y;
                y = leastY;
            }
            return new Factors(x * dpr, y * dpr, dpr);
        }

        private static Factors toBox(Size source, Resize resize) {
            double x = resize.width() == 0 ? 1 : (double) resize.width() / source.width();
            double y = resize.height() == 0 ? 1 : (double) resize.height() / source.height();
            if (resize.fit() == Fit.FILL) {
                return new Factors(x, y, 1);
            }
            if (resize.width() == 0 || resize.height() == 0) {
                double both = resize.width() == 0 ? y : x;
                return new Factors(both, both, 1);
            }
            double both = switch (resize.fit()) {
                case INSIDE -> Math.min(x, y);
                case AUTO -> sameOrientation(source, resize) ? Math.max(x, y) : Math.min(x, y);
                case OUTSIDE, COVER, COVER_DOWN, FILL -> Math.max(x, y);
            };
            return new Factors(both, both, 1);
        }

        private static boolean sameOrientation(Size source, Resize resize) {
            return (source.width() >= source.height()) == (resize.width() >= resize.height());
        }

        Size of(Size source) {
            return new Size(side(source.width(), x), side(source.height(), y));
        }

        private static int side(int source, double factor) {
            return atLeastOne(source * factor);
        }
    }

    public int resultWidth() {
        return result.width();
    }

    public int resultHeight() {
        return result.height();
    }

    /// The part of the original's resolution that the result shows: a source with this fraction of the original's
    /// width and height loses nothing; above 1 when the result is an enlargement.
    ///
    /// What trimming leaves is only known from the pixels: half of each side is expected. Looking for edges costs
    /// far more than anything else, and a second per ten million pixels.
    public double scale() {
        double needed = Math.max((double) scaled.width() / crop.width(), (double) scaled.height() / crop.height());
        return trimmed ? Math.max(needed, Math.min(1, 2 * needed)) : needed;
    }

    /// Whether the size of the result is certain; what trimming leaves is only known from the pixels.
    public boolean isExact() {
        return !trimmed;
    }

    /// The area of the result at most; far too much where only limits bound what trimming leaves.
    long mostPixels() {
        return mostPixels;
    }

    /// The whole, upright, turned and trimmed.
    Size picture() {
        return picture;
    }

    /// Whether a box cuts something away once the picture is scaled, so that it matters what is kept.
    public boolean cuts() {
        return !cut.equals(scaled);
    }

    /// What is cropped of it, in its pixels.
    Size crop() {
        return crop;
    }

    /// What the crop is resized to.
    Size scaled() {
        return scaled;
    }

    /// What is left of that.
    Size cut() {
        return cut;
    }

    /// The canvas before padding.
    Size extended() {
        return extended;
    }

    /// Where that canvas lies in the result.
    Rect unpadded() {
        return unpadded;
    }

    Size result() {
        return result;
    }

    /// What pixels before `dpr` are multiplied with.
    double dpr() {
        return dpr;
    }
}
