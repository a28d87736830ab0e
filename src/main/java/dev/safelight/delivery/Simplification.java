package dev.safelight.delivery;

import dev.safelight.asset.MediaType;
import dev.safelight.image.Geometry;
import dev.safelight.render.Subject;
import dev.safelight.transform.Gravity;
import dev.safelight.transform.Transformation;
import dev.safelight.transform.Transformation.Canvas;
import dev.safelight.transform.Transformation.Effects;
import dev.safelight.transform.Transformation.Fit;
import dev.safelight.transform.Transformation.Frames;
import dev.safelight.transform.Transformation.Output;
import dev.safelight.transform.Transformation.Padding;
import dev.safelight.transform.Transformation.Quality;
import dev.safelight.transform.Transformation.Resize;
import java.util.Set;

/// Leaves out of a transformation what changes nothing about this picture, so that many ways to ask for the
/// same result find one.
///
/// It need not see every case: what it misses is made twice, and never wrong.
final class Simplification {
    private static final Set<MediaType> WITHOUT_QUALITY = Set.of(MediaType.PNG, MediaType.GIF);

    private Simplification() {}

    /// @param exact with its format
    static Transformation of(Transformation exact, Subject subject) {
        Transformation still =
                subject.frames() == 1 ? exact.with(new Frames(exact.frames().first(), true)) : exact;
        Transformation plain = still.with(output(still.output())).with(canvas(still, subject));
        if (!isSizeKnown(plain)) {
            return plain;
        }
        Transformation boxed = plain.with(box(plain, subject));
        boolean matters =
                wherever(boxed, subject).cuts() || !isPlain(boxed.resize().gravity());
        return matters ? boxed : boxed.with(boxed.resize().around(Gravity.CENTER));
    }

    /// Whether the picture has the size of the subject: not when edges are trimmed, nor on a later page, nor as the
    /// camera held it.
    private static boolean isSizeKnown(Transformation wanted) {
        return wanted.trim() == null
                && wanted.frames().first() == 0
                && wanted.turn().auto();
    }

    private static Output output(Output output) {
        MediaType format = output.format();
        return format != null && WITHOUT_QUALITY.contains(format)
                ? new Output(format, new Quality.Standard(), output.formatQuality(), 0)
                : output;
    }

    /// A background shows behind transparency and in what is added, and nowhere else.
    private static Canvas canvas(Transformation wanted, Subject subject) {
        Canvas canvas = wanted.canvas();
        boolean shows = subject.hasAlpha()
                || canvas.extend() != null
                || canvas.extendAspectRatio() != null
                || !canvas.padding().equals(Padding.NONE);
        return shows ? canvas : Canvas.NONE;
    }

    /// With the ratio of pixels multiplied in, where nothing but the box depends on it; and without a box that
    /// is larger than the picture.
    private static Resize box(Transformation wanted, Subject subject) {
        Resize old = wanted.resize();
        if (!isBoxAlone(wanted) || old.fit() != Fit.INSIDE) {
            return old;
        }
        Geometry size = wherever(wanted, subject);
        boolean turned = wanted.turn().degrees() % 180 != 0;
        boolean whole = size.resultWidth() == (turned ? subject.height() : subject.width())
                && size.resultHeight() == (turned ? subject.width() : subject.height());
        if (whole && subject.type() != MediaType.SVG) {
            return Resize.NONE;
        }
        double width = old.width() * old.dpr();
        double height = old.height() * old.dpr();
        boolean even = width == Math.rint(width) && height == Math.rint(height);
        return even && Math.max(width, height) <= Transformation.LONGEST_SIDE
                ? new Resize(Fit.INSIDE, (int) width, (int) height, 0, 0, 1, 1, 1, false, old.gravity())
                : old;
    }

    /// Whether nothing else is measured in pixels of the result.
    private static boolean isBoxAlone(Transformation wanted) {
        Resize resize = wanted.resize();
        return wanted.effects().equals(Effects.NONE)
                && wanted.canvas().equals(Canvas.NONE)
                && wanted.watermark() == null
                && wanted.crop() == null
                && resize.minWidth() == 0
                && resize.minHeight() == 0
                && resize.zoomX() == 1
                && resize.zoomY() == 1
                && !resize.enlarge()
                && isPlain(resize.gravity());
    }

    private static boolean isPlain(Gravity gravity) {
        return switch (gravity) {
            case Gravity.Compass(var _, double x, double y) -> x == 0 && y == 0;
            case Gravity.Point _, Gravity.Smart _, Gravity.Focal _ -> true;
        };
    }

    private static Geometry wherever(Transformation wanted, Subject subject) {
        return Geometry.of(subject.width(), subject.height(), subject.type() == MediaType.SVG, wanted);
    }
}
