package dev.safelight.transform;

import dev.safelight.asset.MediaType;
import dev.safelight.transform.Transformation.Canvas;
import dev.safelight.transform.Transformation.Fit;
import dev.safelight.transform.Transformation.Padding;
import dev.safelight.transform.Transformation.Quality;
import dev.safelight.transform.Transformation.Turn;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes the values of the query form, each in its one canonical spelling; empty for a default.
final class CanonicalValues {
    private CanonicalValues() {}

    static String number(double value, double standard) {
        return value == standard ? "" : Decimals.text(value);
    }

    static String flag(boolean value, boolean standard) {
        return value == standard ? "" : String.valueOf(value);
    }

    static String fit(Transformation value) {
        Fit fit = value.resize().fit();
        return fit == Fit.INSIDE ? "" : fit.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String zoom(Transformation value) {
        double x = value.resize().zoomX();
        double y = value.resize().zoomY();
        if (x == y) {
            return number(x, 1);
        }
        return Decimals.text(x) + "," + Decimals.text(y);
    }

    static String gravity(Transformation value) {
        Gravity gravity = value.resize().gravity();
        return gravity.equals(Gravity.CENTER) ? "" : GravityWords.text(gravity);
    }

    static String extend(@Nullable Gravity gravity) {
        if (gravity == null) {
            return "";
        }
        return gravity.equals(Gravity.CENTER) ? "true" : GravityWords.text(gravity);
    }

    static String crop(Transformation value) {
        Transformation.Crop crop = value.crop();
        if (crop == null) {
            return "";
        }
        String size = Decimals.text(crop.width()) + "," + Decimals.text(crop.height());
        // Without one, the gravity of the whole request holds.
        return crop.gravity().equals(value.resize().gravity()) ? size : size + "," + GravityWords.text(crop.gravity());
    }

    static String trim(Transformation value) {
        Transformation.Trim trim = value.trim();
        if (trim == null) {
            return "";
        }
        String text = Decimals.text(trim.threshold()) + "," + (trim.color() == null ? "" : trim.color());
        if (trim.equalHorizontally() || trim.equalVertically()) {
            text += "," + trim.equalHorizontally();
        }
        if (trim.equalVertically()) {
            text += ",true";
        }
        return text.endsWith(",") ? text.substring(0, text.length() - 1) : text;
    }

    static String pad(Transformation value) {
        Canvas canvas = value.canvas();
        Padding pad = canvas.padding();
        if (pad.equals(Padding.NONE)) {
            return "";
        }
        if (pad.top() != pad.bottom() || pad.left() != pad.right()) {
            return pad.top() + "," + pad.right() + "," + pad.bottom() + "," + pad.left();
        }
        return pad.top() == pad.left() ? String.valueOf(pad.top()) : pad.top() + "," + pad.right();
    }

    static String background(Transformation value) {
        Color color = value.canvas().background();
        return color == null ? "" : color.toString();
    }

    static String flip(Transformation value) {
        Turn turn = value.turn();
        if (turn.flipHorizontally()) {
            return turn.flipVertically() ? "both" : "h";
        }
        return turn.flipVertically() ? "v" : "";
    }

    static String watermark(Transformation value) {
        Transformation.Watermark mark = value.watermark();
        if (mark == null) {
            return "";
        }
        String text =
                (mark.asset() == null ? "default" : mark.asset().toString()) + "," + Decimals.text(mark.opacity());
        boolean scaled = mark.scale() != 0;
        boolean moved = scaled || mark.x() != 0 || mark.y() != 0;
        if (moved || mark.place() != Gravity.Direction.CENTER) {
            text += "," + (mark.place() == null ? "repeat" : GravityWords.name(mark.place()));
        }
        if (moved) {
            text += "," + Decimals.text(mark.x()) + "," + Decimals.text(mark.y());
        }
        return scaled ? text + "," + Decimals.text(mark.scale()) : text;
    }

    static String quality(Transformation value) {
        return switch (value.output().quality()) {
            case Quality.Standard _ -> "";
            case Quality.Auto _ -> "auto";
            case Quality.Fixed(int fixed) -> String.valueOf(fixed);
        };
    }

    static String formatQuality(Transformation value) {
        Map<MediaType, Integer> inOrder = new TreeMap<>(value.output().formatQuality());
        return inOrder.entrySet().stream()
                .map(entry -> name(entry.getKey()) + ":" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    static String format(Transformation value) {
        MediaType format = value.output().format();
        return format == null ? "" : name(format);
    }

    private static String name(MediaType format) {
        return format.name().toLowerCase(Locale.ROOT);
    }
}
