package dev.safelight.transform;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.MediaType;
import dev.safelight.transform.Transformation.Fit;
import dev.safelight.transform.Transformation.Padding;
import dev.safelight.transform.Transformation.Quality;
import dev.safelight.transform.Transformation.Watermark;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the values of the query form that are more than a number or a flag.
final class QueryValues {
    private static final Map<String, Fit> FITS = Map.of(
            "inside", Fit.INSIDE,
            "contain", Fit.INSIDE,
            "outside", Fit.OUTSIDE,
            "cover", Fit.COVER,
            "cover-down", Fit.COVER_DOWN,
            "fill", Fit.FILL,
            "auto", Fit.AUTO);
    private static final int LONGEST_NAME = 200;

    /// The last second that is written with four digits for the year.
    private static final long LAST_SECOND = 253_402_300_799L;

    private QueryValues() {}

    static void width(Draft draft, Argument value) {
        draft.widthHint = value.text().equals("auto");
        draft.width = draft.widthHint ? 0 : value.whole(0, Transformation.LONGEST_SIDE);
    }

    static void fit(Draft draft, Argument value) {
        draft.fit = value.oneOf(FITS);
        draft.contain = value.text().equals("contain");
    }

    static void dpr(Draft draft, Argument value) {
        draft.dprHint = value.text().equals("auto");
        draft.dpr = draft.dprHint ? 1 : value.number(0.1, 8);
    }

    static void zoom(Draft draft, Argument value) {
        List<Argument> parts = value.split(',', 1, 2, "one or two numbers");
        draft.zoomX = parts.getFirst().number(0.01, 100);
        draft.zoomY = parts.getLast().number(0.01, 100);
    }

    static Gravity gravity(Argument value) {
        return GravityWords.QUERY.read(gravityParts(value));
    }

    static @Nullable Gravity extend(Argument value) {
        if (value.isFlag()) {
            return value.flag() ? Gravity.CENTER : null;
        }
        return GravityWords.QUERY.readPlace(gravityParts(value));
    }

    private static List<Argument> gravityParts(Argument value) {
        String text = value.text();
        return value.with(text.startsWith("fp:") ? "fp," + text.substring(3) : text)
                .split(',', 1, 3, "a gravity with at most two offsets");
    }

    static void crop(Draft draft, Argument value) {
        String allowed = "width,height and perhaps ,gravity";
        List<Argument> parts = value.split(',', 2, 5, allowed);
        draft.cropWidth = parts.get(0).number(0, 1_000_000);
        draft.cropHeight = parts.get(1).number(0, 1_000_000);
        int sizes = parts.get(0).text().length() + parts.get(1).text().length() + 2;
        draft.cropGravity =
                parts.size() == 2 ? null : gravity(value.with(value.text().substring(sizes)));
        draft.crop = true;
    }

    static void trim(Draft draft, Argument value) {
        List<Argument> parts = value.split(',', 1, 4, "threshold,color,equal-hor,equal-ver, the last three if wanted");
        draft.trim = new Transformation.Trim(
                parts.getFirst().number(0, 255),
                parts.size() > 1 && !parts.get(1).isEmpty() ? color(parts.get(1)) : null,
                parts.size() > 2 && parts.get(2).flag(),
                parts.size() > 3 && parts.get(3).flag());
    }

    static void pad(Draft draft, Argument value) {
        String allowed = "1, 2 or 4 numbers";
        List<Integer> sides = value.split(',', 1, 4, allowed).stream()
                .map(part -> part.whole(0, Padding.MAX))
                .toList();
        draft.padding = switch (sides.size()) {
            case 1 -> new Padding(sides.get(0), sides.get(0), sides.get(0), sides.get(0));
            case 2 -> new Padding(sides.get(0), sides.get(1), sides.get(0), sides.get(1));
            case 4 -> new Padding(sides.get(0), sides.get(1), sides.get(2), sides.get(3));
            default -> throw value.refuse(allowed);
        };
    }

    static Color color(Argument value) {
        Color named = ColorNames.BASIC.get(value.text());
        if (named != null) {
            return named;
        }
        if (value.text().indexOf(',') < 0) {
            return value.hexColor();
        }
        List<Argument> parts = value.split(',', 3, 3, "three numbers, 3, 6 or 8 hexadecimal digits, or a name");
        return new Color(
                parts.get(0).whole(0, 255),
                parts.get(1).whole(0, 255),
                parts.get(2).whole(0, 255),
                255);
    }

    static void rotate(Draft draft, Argument value) {
        int degrees = value.whole(0, 270);
        if (degrees % 90 != 0) {
            throw value.refuse("0, 90, 180 or 270");
        }
        draft.rotate = degrees;
    }

    static void flip(Draft draft, Argument value) {
        if (!List.of("h", "v", "both").contains(value.text())) {
            throw value.refuse("h, v or both");
        }
        draft.flipHorizontally = !value.text().equals("v");
        draft.flipVertically = !value.text().equals("h");
    }

    static void watermark(Draft draft, Argument value) {
        String allowed = "assetId or default, opacity, then perhaps place or repeat, x, y, scale";
        List<Argument> parts = value.split(',', 1, 6, allowed);
        Argument asset = parts.getFirst();
        AssetId id = asset.text().equals("default")
                ? null
                : AssetId.parse(asset.text()).orElseThrow(() -> asset.refuse("default or the id of an asset"));
        double far = Transformation.LONGEST_SIDE;
        draft.watermark = new Watermark(
                id,
                parts.size() > 1 ? parts.get(1).number(0, 1) : 1,
                parts.size() > 2 ? place(parts.get(2)) : Gravity.Direction.CENTER,
                parts.size() > 3 ? parts.get(3).number(-far, far) : 0,
                parts.size() > 4 ? parts.get(4).number(-far, far) : 0,
                parts.size() > 5 ? parts.get(5).number(0, 1) : 0);
    }

    private static Gravity.@Nullable Direction place(Argument value) {
        return value.text().equals("repeat") ? null : GravityWords.QUERY.place(value);
    }

    static void quality(Draft draft, Argument value) {
        draft.quality = value.text().equals("auto") ? new Quality.Auto() : new Quality.Fixed(value.whole(1, 100));
    }

    static void formatQuality(Draft draft, Argument value) {
        Set<MediaType> seen = new HashSet<>();
        for (Argument part : value.split(',', 1, 5, "format:quality for at most five formats")) {
            List<Argument> pair = part.split(':', 2, 2, "format:quality, such as webp:80");
            MediaType type = pair.getFirst().format();
            if (!seen.add(type)) {
                throw value.refuse("one quality for each format");
            }
            draft.formatQuality.put(type, pair.getLast().whole(1, 100));
        }
    }

    static void maxBytes(Draft draft, Argument value) {
        String text = value.text();
        int unit = text.endsWith("k") ? 1000 : text.endsWith("m") ? 1_000_000 : 1;
        Argument digits = unit == 1 ? value : value.with(text.substring(0, text.length() - 1));
        draft.maxBytes = digits.whole(0, Transformation.Output.MAX_BYTES / unit) * (long) unit;
    }

    static void format(Draft draft, Argument value) {
        draft.format = value.text().equals("auto") ? null : value.format();
    }

    static void expires(Draft draft, Argument value) {
        draft.expires = Instant.ofEpochSecond(value.whole(1L, LAST_SECOND));
    }

    static void presets(Draft draft, Argument value) {
        value.split(',', 1, 10, "at most ten names of presets").forEach(draft::preset);
    }

    static void fileName(Draft draft, Argument value) {
        String name = value.text();
        boolean safe = name.length() <= LONGEST_NAME
                && name.codePoints().noneMatch(QueryValues::isUnsafe)
                && !name.isBlank()
                && !name.startsWith(".");
        if (!safe) {
            throw value.refuse("a name of at most %d characters without slashes, controls or a leading dot"
                    .formatted(LONGEST_NAME));
        }
        draft.fileName = name;
    }

    private static boolean isUnsafe(int c) {
        return c == '/'
                || c == '\\'
                || switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED -> true;
                    default -> false;
                };
    }

    static void skip(Draft draft, Argument value) {
        value.split(',', 1, 10, "at most ten formats").forEach(part -> draft.skip.add(part.picture()));
    }

    static void cacheBuster(Draft draft, Argument value) {
        if (value.text().length() > LONGEST_NAME) {
            throw value.refuse("at most %d characters".formatted(LONGEST_NAME));
        }
    }
}
