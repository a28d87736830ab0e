package dev.safelight.image;

import dev.safelight.asset.MediaType;
import dev.safelight.transform.Color;
import dev.safelight.transform.Gravity;
import dev.safelight.transform.Transformation;
import dev.safelight.transform.Transformation.Canvas;
import dev.safelight.transform.Transformation.Crop;
import dev.safelight.transform.Transformation.Effects;
import dev.safelight.transform.Transformation.Fit;
import dev.safelight.transform.Transformation.Frames;
import dev.safelight.transform.Transformation.Output;
import dev.safelight.transform.Transformation.Padding;
import dev.safelight.transform.Transformation.Quality;
import dev.safelight.transform.Transformation.Resize;
import dev.safelight.transform.Transformation.Trim;
import dev.safelight.transform.Transformation.Turn;
import dev.safelight.transform.Transformation.Watermark;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Transformations for tests, changed one part at a time.
record Wanted(Transformation value) {

    static Wanted as(MediaType format) {
        return new Wanted(Transformation.NONE.as(format));
    }

    Wanted frames(int first, boolean animated) {
        return with(new Frames(first, animated));
    }

    Wanted turn(boolean auto, int degrees, boolean flipHorizontally, boolean flipVertically) {
        return with(new Turn(auto, degrees, flipHorizontally, flipVertically));
    }

    Wanted trim(double threshold, @Nullable Color color, boolean equalHorizontally, boolean equalVertically) {
        return with(new Trim(threshold, color, equalHorizontally, equalVertically));
    }

    Wanted crop(double width, double height, Gravity gravity) {
        return with(new Crop(width, height, gravity));
    }

    Wanted fit(Fit fit, int width, int height) {
        return fit(fit, width, height, Gravity.CENTER);
    }

    Wanted fit(Fit fit, int width, int height, Gravity gravity) {
        return with(new Resize(fit, width, height, 0, 0, 1, 1, 1, false, gravity));
    }

    Wanted enlarge() {
        Resize old = value.resize();
        return with(new Resize(
                old.fit(),
                old.width(),
                old.height(),
                old.minWidth(),
                old.minHeight(),
                old.zoomX(),
                old.zoomY(),
                old.dpr(),
                true,
                old.gravity()));
    }

    Wanted dpr(double dpr) {
        Resize old = value.resize();
        return with(new Resize(
                old.fit(),
                old.width(),
                old.height(),
                old.minWidth(),
                old.minHeight(),
                old.zoomX(),
                old.zoomY(),
                dpr,
                old.enlarge(),
                old.gravity()));
    }

    Wanted effects(double blur, double sharpen, int pixelate, boolean grayscale) {
        return with(new Effects(blur, sharpen, pixelate, grayscale));
    }

    Wanted canvas(@Nullable Gravity extend, @Nullable Gravity shape, Padding padding, @Nullable Color background) {
        return with(new Canvas(extend, shape, padding, background));
    }

    @SuppressWarnings("NullAway") // does not see the annotation of a record's nested component type in a class file
    Wanted watermark(double opacity, Gravity.@Nullable Direction place, double x, double y, double scale) {
        return with(new Watermark(null, opacity, place, x, y, scale));
    }

    Wanted output(Quality quality, long maxBytes) {
        return with(new Output(value.output().format(), quality, Map.of(), maxBytes));
    }

    /// Puts a part in place of the one of its type.
    Wanted with(Record part) {
        Transformation old = value;
        return new Wanted(new Transformation(
                part instanceof Frames frames ? frames : old.frames(),
                part instanceof Turn turn ? turn : old.turn(),
                part instanceof Trim trim ? trim : old.trim(),
                part instanceof Crop crop ? crop : old.crop(),
                part instanceof Resize resize ? resize : old.resize(),
                part instanceof Effects effects ? effects : old.effects(),
                part instanceof Canvas canvas ? canvas : old.canvas(),
                part instanceof Watermark watermark ? watermark : old.watermark(),
                part instanceof Output output ? output : old.output()));
    }
}
