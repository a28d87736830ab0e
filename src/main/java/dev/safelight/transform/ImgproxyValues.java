package dev.safelight.transform;

import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.transform.Transformation.Fit;
import dev.safelight.transform.Transformation.Padding;
import dev.safelight.transform.Transformation.Quality;
import dev.safelight.transform.Transformation.Trim;
import dev.safelight.transform.Transformation.Watermark;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the options of imgproxy that are spelled otherwise than those of the query form.
final class ImgproxyValues {
    private static final Map<String, Fit> TYPES = Map.of(
            "fit", Fit.INSIDE,
            "fill", Fit.COVER,
            "fill-down", Fit.COVER_DOWN,
            "force", Fit.FILL,
            "auto", Fit.AUTO);

    private ImgproxyValues() {}

    static void resize(Draft draft, Arguments args) {
        args.atMost(8);
        if (args.has(0)) {
            type(draft, args.at(0));
        }
        if (args.count() > 1) {
            size(draft, args.from(1));
        }
    }

    static void size(Draft draft, Arguments args) {
        args.atMost(7);
        if (args.has(0)) {
            Option.WIDTH.read(draft, args.at(0));
        }
        if (args.has(1)) {
            Option.HEIGHT.read(draft, args.at(1));
        }
        if (args.has(2)) {
            Option.ENLARGE.read(draft, args.at(2));
        }
        if (args.has(3)) {
            extend(draft, args.from(3));
        }
    }

    static void type(Draft draft, Argument value) {
        draft.fit = value.oneOf(TYPES);
        draft.contain = false;
        draft.mark(Option.FIT);
    }

    static void zoom(Draft draft, Arguments args) {
        args.atMost(2);
        draft.zoomX = args.at(0).number(0.01, 100);
        draft.zoomY = args.count() < 2 ? draft.zoomX : args.at(1).number(0.01, 100);
        draft.mark(Option.ZOOM);
    }

    static void extend(Draft draft, Arguments args) {
        draft.extend(extended(args));
        draft.mark(Option.EXTEND);
    }

    static void extendRatio(Draft draft, Arguments args) {
        draft.extendRatio = extended(args);
        draft.mark(Option.EXTEND_RATIO);
    }

    private static @Nullable Gravity extended(Arguments args) {
        boolean on = args.atMost(4).at(0).flag();
        Gravity place =
                args.count() > 1 ? GravityWords.IMGPROXY.readPlace(args.from(1).all()) : Gravity.CENTER;
        return on ? place : null;
    }

    static void gravity(Draft draft, Arguments args) {
        draft.gravity = GravityWords.IMGPROXY.read(args.all());
        draft.mark(Option.GRAVITY);
    }

    static void crop(Draft draft, Arguments args) {
        args.atMost(5);
        draft.cropWidth = args.at(0).number(0, 1_000_000);
        draft.cropHeight = args.count() > 1 ? args.at(1).number(0, 1_000_000) : 0;
        draft.cropGravity =
                args.count() > 2 ? GravityWords.IMGPROXY.read(args.from(2).all()) : null;
        draft.crop = true;
        draft.mark(Option.CROP);
    }

    static void trim(Draft draft, Arguments args) {
        args.atMost(4);
        draft.trim = args.has(0)
                ? new Trim(
                        args.at(0).number(0, 255),
                        args.has(1) ? args.at(1).hexColor() : null,
                        args.has(2) && args.at(2).flag(),
                        args.has(3) && args.at(3).flag())
                : null;
        draft.mark(Option.TRIM);
    }

    static void padding(Draft draft, Arguments args) {
        args.atMost(4);
        int top = args.has(0) ? args.at(0).whole(0, Padding.MAX) : 0;
        int right = args.has(1) ? args.at(1).whole(0, Padding.MAX) : top;
        int bottom = args.has(2) ? args.at(2).whole(0, Padding.MAX) : top;
        int left = args.has(3) ? args.at(3).whole(0, Padding.MAX) : right;
        draft.padding = new Padding(top, right, bottom, left);
        draft.mark(Option.PAD);
    }

    static void rotate(Draft draft, Arguments args) {
        int degrees = args.only().whole(-36_000, 36_000);
        if (degrees % 90 != 0) {
            throw args.only().refuse("a multiple of 90");
        }
        draft.rotate = Math.floorMod(degrees, 360);
        draft.mark(Option.ROTATE);
    }

    static void flip(Draft draft, Arguments args) {
        args.atMost(2);
        draft.flipHorizontally = args.has(0) ? args.at(0).flag() : draft.flipHorizontally;
        draft.flipVertically = args.has(1) ? args.at(1).flag() : draft.flipVertically;
        draft.mark(Option.FLIP);
    }

    static void background(Draft draft, Arguments args) {
        if (args.count() == 3) {
            draft.background = new Color(
                    args.at(0).whole(0, 255),
                    args.at(1).whole(0, 255),
                    args.at(2).whole(0, 255),
                    255);
        } else {
            Argument value = args.only();
            draft.background = value.isEmpty() ? null : value.hexColor();
        }
        draft.mark(Option.BACKGROUND);
    }

    static void watermark(Draft draft, Arguments args) {
        args.atMost(5);
        double far = Transformation.LONGEST_SIDE;
        Gravity.Direction place = Gravity.Direction.CENTER;
        if (args.has(1)) {
            place = args.at(1).text().equals("re") ? null : GravityWords.IMGPROXY.place(args.at(1));
        }
        draft.watermark = new Watermark(
                null,
                args.at(0).number(0, 1),
                place,
                args.has(2) ? args.at(2).number(-far, far) : 0,
                args.has(3) ? args.at(3).number(-far, far) : 0,
                args.has(4) ? args.at(4).number(0, 1) : 0);
        draft.mark(Option.WATERMARK);
    }

    static void quality(Draft draft, Arguments args) {
        int quality = args.only().whole(0, 100);
        draft.quality = quality == 0 ? new Quality.Standard() : new Quality.Fixed(quality);
        draft.mark(Option.QUALITY);
    }

    /// Of the methods, all that measure how a picture looks are the same here.
    static void autoQuality(Draft draft, Arguments args) {
        boolean on = args.atMost(5).at(0).oneOf(Map.of("none", false, "dssim", true, "ml", true));
        args.all().subList(1, args.count()).forEach(rest -> {
            if (!rest.isEmpty()) {
                rest.number(0, 1_000_000);
            }
        });
        draft.quality = on ? new Quality.Auto() : new Quality.Standard();
        draft.mark(Option.QUALITY);
    }

    static void formatQuality(Draft draft, Arguments args) {
        if (args.count() % 2 != 0 || args.count() > 10) {
            throw args.whole().refuse("at most five pairs of format and quality");
        }
        for (int i = 0; i < args.count(); i += 2) {
            MediaType type = args.at(i).format();
            int quality = args.at(i + 1).whole(0, 100);
            if (quality == 0) {
                draft.formatQuality.remove(type);
            } else {
                draft.formatQuality.put(type, quality);
            }
        }
        draft.mark(Option.FORMAT_QUALITY);
    }

    static void format(Draft draft, Argument value) {
        boolean negotiated = value.text().equals("best") || value.text().equals("auto");
        draft.format = negotiated ? null : value.format();
        draft.mark(Option.FORMAT);
    }

    static void disableAnimation(Draft draft, Arguments args) {
        draft.animated = !args.only().flag();
        draft.mark(Option.ANIMATED);
    }

    static void skip(Draft draft, Arguments args) {
        args.atMost(10).all().forEach(format -> draft.skip.add(format.picture()));
        draft.mark(Option.SKIP);
    }

    static void expires(Draft draft, Arguments args) {
        if (args.only().text().equals("0")) {
            draft.expires = null;
        } else {
            Option.EXPIRES.read(draft, args.only());
        }
    }

    static void fileName(Draft draft, Arguments args) {
        args.atMost(2);
        boolean encoded = args.has(1) && args.at(1).flag();
        String name = encoded
                ? base64("the file name", args.at(0).text())
                : PercentText.decode("the file name", args.at(0).text(), false);
        Option.FILENAME.read(draft, args.at(0).with(name));
    }

    static void presets(Draft draft, Arguments args) {
        args.atMost(10).all().forEach(draft::preset);
        draft.mark(Option.PRESET);
    }

    static void raw(Draft draft, Arguments args) {
        if (args.only().flag()) {
            throw new Failure(
                    Failure.Kind.FORBIDDEN,
                    "raw is refused: originals are never delivered, only what was made from them");
        }
    }

    /// Text in base64url, with or without padding.
    static String base64(String what, String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '=') {
            end--;
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text.substring(0, end).getBytes(StandardCharsets.UTF_8));
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException _) {
            throw new Argument(what, text).refuse("base64url of UTF-8");
        }
    }
}
