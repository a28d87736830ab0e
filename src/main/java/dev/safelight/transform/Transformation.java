package dev.safelight.transform;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.MediaType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything that may be done to a picture between the stored source and the answer, as one immutable value.
///
/// The steps happen in the order of the components, whatever the order in the URL: turn, trim, crop,
/// resize, effects, canvas, watermark, encode. Equal transformations have equal canonical texts and share
/// one cached result.
public record Transformation(
        Frames frames,
        Turn turn,
        @Nullable Trim trim,
        @Nullable Crop crop,
        Resize resize,
        Effects effects,
        Canvas canvas,
        @Nullable Watermark watermark,
        Output output) {

    /// In pixels; what WebP can store, and every other format too.
    public static final int LONGEST_SIDE = 16383;

    public Transformation {
        // What does nothing has one value only.
        crop = crop != null && crop.width() == 0 && crop.height() == 0 ? null : crop;
        watermark = watermark != null && watermark.opacity() == 0 ? null : watermark;
    }

    public static final Transformation NONE = new Transformation(
            Frames.ALL, Turn.UPRIGHT, null, null, Resize.NONE, Effects.NONE, Canvas.NONE, null, Output.AUTO);

    private static final Gravity UNPLACED = new Gravity.Focal(null);

    /// Which pages or frames are taken.
    ///
    /// @param first counted from 0
    /// @param animated whether an animation stays one, where the format can; else one frame is taken
    public record Frames(int first, boolean animated) {
        public static final Frames ALL = new Frames(0, true);
        public static final int LAST = 9999;

        public Frames {
            Require.within("page", first, 0, LAST);
        }
    }

    /// How the picture is turned before anything else.
    ///
    /// @param auto upright as the camera says
    /// @param degrees clockwise after that: 0, 90, 180 or 270
    public record Turn(boolean auto, int degrees, boolean flipHorizontally, boolean flipVertically) {
        public static final Turn UPRIGHT = new Turn(true, 0, false, false);

        public Turn {
            if (!List.of(0, 90, 180, 270).contains(degrees)) {
                throw new IllegalArgumentException("rotation must be 0, 90, 180 or 270, not " + degrees);
            }
        }
    }

    /// Cuts away edges of one colour.
    ///
    /// @param threshold how far a colour may be off, 0 to 255
    /// @param color of the edges; that of the top left pixel when absent
    /// @param equalHorizontally cuts as much on the left as on the right
    /// @param equalVertically cuts as much at the top as at the bottom
    public record Trim(double threshold, @Nullable Color color, boolean equalHorizontally, boolean equalVertically) {
        public Trim {
            Require.within("trim threshold", threshold, 0, 255);
            threshold = Decimals.rounded(threshold);
        }
    }

    /// Cuts out a part, in the size of the original.
    ///
    /// @param width 0 for all; a fraction of the picture below 1; else pixels of the original
    /// @param height the same
    public record Crop(double width, double height, Gravity gravity) {
        public Crop {
            Require.within("crop width", width, 0, 1_000_000);
            Require.within("crop height", height, 0, 1_000_000);
            width = Decimals.rounded(width);
            height = Decimals.rounded(height);
        }
    }

    /// How a picture meets a box of another shape.
    public enum Fit {
        /// As large as fits into the box.
        INSIDE,
        /// As small as covers the box, nothing cut.
        OUTSIDE,
        /// Fills the box, what hangs over is cut.
        COVER,
        /// As COVER, but a picture that is too small is cut to the shape of the box instead of its size.
        COVER_DOWN,
        /// Exactly the box, distorted if need be.
        FILL,
        /// COVER when picture and box are both upright or both lying, else INSIDE.
        AUTO
    }

    /// The size of the result, before canvas and padding.
    ///
    /// @param width of the box in pixels, 0 to leave it to the height
    /// @param height of the box in pixels, 0 to leave it to the width
    /// @param minWidth enlarges the result until it is at least this wide; 0 for none
    /// @param minHeight enlarges the result until it is at least this high; 0 for none
    /// @param zoomX multiplies the width, 0.01 to 100
    /// @param zoomY multiplies the height
    /// @param dpr device pixels for each pixel asked for, 0.1 to 8
    /// @param enlarge whether a picture that is too small is enlarged
    /// @param gravity what is kept when something is cut
    public record Resize(
            Fit fit,
            int width,
            int height,
            int minWidth,
            int minHeight,
            double zoomX,
            double zoomY,
            double dpr,
            boolean enlarge,
            Gravity gravity) {
        public static final Resize NONE = new Resize(Fit.INSIDE, 0, 0, 0, 0, 1, 1, 1, false, Gravity.CENTER);

        public Resize {
            Require.within("width", width, 0, LONGEST_SIDE);
            Require.within("height", height, 0, LONGEST_SIDE);
            Require.within("min-width", minWidth, 0, LONGEST_SIDE);
            Require.within("min-height", minHeight, 0, LONGEST_SIDE);
            Require.within("zoom", zoomX, 0.01, 100);
            Require.within("zoom", zoomY, 0.01, 100);
            Require.within("dpr", dpr, 0.1, 8);
            zoomX = Decimals.rounded(zoomX);
            zoomY = Decimals.rounded(zoomY);
            dpr = Decimals.rounded(dpr);
        }

        /// The same with something else kept.
        public Resize around(Gravity other) {
            return new Resize(fit, width, height, minWidth, minHeight, zoomX, zoomY, dpr, enlarge, other);
        }
    }

    /// What changes pixels in place.
    ///
    /// @param blur sigma of a Gaussian in pixels of the result before `dpr`, 0 to 100; 0 for none
    /// @param sharpen sigma of an unsharp mask in the same, 0 to 10; 0 for none
    /// @param pixelate side of the squares in the same, 0 to 1000; up to 1 for none
    /// @param grayscale whether colour is removed
    public record Effects(double blur, double sharpen, int pixelate, boolean grayscale) {
        public static final Effects NONE = new Effects(0, 0, 0, false);

        public Effects {
            Require.within("blur", blur, 0, 100);
            Require.within("sharpen", sharpen, 0, 10);
            Require.within("pixelate", pixelate, 0, 1000);
            blur = Decimals.rounded(blur);
            sharpen = Decimals.rounded(sharpen);
            pixelate = pixelate == 1 ? 0 : pixelate;
        }
    }

    /// What is added around the picture.
    ///
    /// @param extend fills the box that was asked for, with the picture at this place; absent to
    ///     leave the size
    /// @param extendAspectRatio extends to the shape of the box only, with the picture at this place
    /// @param background behind transparent pixels and in what was added; when absent, transparent where
    ///     the format can, else white
    public record Canvas(
            @Nullable Gravity extend,
            @Nullable Gravity extendAspectRatio,
            Padding padding,
            @Nullable Color background) {
        public static final Canvas NONE = new Canvas(null, null, Padding.NONE, null);

        public Canvas {
            requirePlace(extend);
            requirePlace(extendAspectRatio);
        }

        private static void requirePlace(@Nullable Gravity gravity) {
            if (gravity instanceof Gravity.Smart || gravity instanceof Gravity.Focal) {
                throw new IllegalArgumentException("a canvas is extended around a place, not by content");
            }
        }
    }

    /// In pixels before `dpr`, each 0 to 4096.
    public record Padding(int top, int right, int bottom, int left) {
        public static final Padding NONE = new Padding(0, 0, 0, 0);
        public static final int MAX = 4096;

        public Padding {
            Require.within("padding", top, 0, MAX);
            Require.within("padding", right, 0, MAX);
            Require.within("padding", bottom, 0, MAX);
            Require.within("padding", left, 0, MAX);
        }
    }

    /// A stored picture laid over the result.
    ///
    /// @param asset the picture; the one from the configuration when absent
    /// @param opacity above 0 to 1
    /// @param place where it is put; absent to repeat it all over
    /// @param x offset from there, as that of a gravity; the gap when it is repeated
    /// @param y the same downwards
    /// @param scale its size as a fraction of the result, 0 (its own size) to 1
    public record Watermark(
            @Nullable AssetId asset,
            double opacity,
            Gravity.@Nullable Direction place,
            double x,
            double y,
            double scale) {
        public Watermark {
            Require.within("watermark opacity", opacity, 0, 1);
            Require.within("watermark offset", x, -LONGEST_SIDE, LONGEST_SIDE);
            Require.within("watermark offset", y, -LONGEST_SIDE, LONGEST_SIDE);
            Require.within("watermark scale", scale, 0, 1);
            opacity = Decimals.rounded(opacity);
            x = Decimals.rounded(x);
            y = Decimals.rounded(y);
            scale = Decimals.rounded(scale);
        }
    }

    /// How hard the encoder is pressed.
    public sealed interface Quality {
        /// The default of the format.
        record Standard() implements Quality {}

        /// By measurement: the smallest file that looks like the default of the format at its best.
        record Auto() implements Quality {}

        /// @param value 1 to 100, on the scale of the encoder
        record Fixed(int value) implements Quality {
            public Fixed {
                Require.within("quality", value, 1, 100);
            }
        }
    }

    /// How the result is written.
    ///
    /// @param format JPEG, PNG, WEBP, AVIF or GIF; the best that the client takes when absent
    /// @param formatQuality fixed qualities that hold for one format each, before `quality`
    /// @param maxBytes quality is lowered until the result is not larger; 0 for no bound
    public record Output(
            @Nullable MediaType format, Quality quality, Map<MediaType, Integer> formatQuality, long maxBytes) {
        public static final Output AUTO = new Output(null, new Quality.Standard(), Map.of(), 0);
        public static final int MAX_BYTES = 100_000_000;
        public static final List<MediaType> FORMATS =
                List.of(MediaType.JPEG, MediaType.PNG, MediaType.WEBP, MediaType.AVIF, MediaType.GIF);

        public Output {
            if (format != null && !FORMATS.contains(format)) {
                throw new IllegalArgumentException("pictures are never written as " + format);
            }
            formatQuality.values().forEach(value -> Require.within("quality", value, 1, 100));
            Require.within("max-bytes", (double) maxBytes, 0, MAX_BYTES);
            formatQuality = formatQuality.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(formatQuality));
        }

        /// The quality that holds for a format.
        public Quality of(MediaType wanted) {
            Integer own = formatQuality.get(wanted);
            return own == null ? quality : new Quality.Fixed(own);
        }
    }

    /// The same in another size.
    public Transformation with(Resize other) {
        return new Transformation(frames, turn, trim, crop, other, effects, canvas, watermark, output);
    }

    /// The same with other frames.
    public Transformation with(Frames other) {
        return new Transformation(other, turn, trim, crop, resize, effects, canvas, watermark, output);
    }

    /// The same on another canvas.
    public Transformation with(Canvas other) {
        return new Transformation(frames, turn, trim, crop, resize, effects, other, watermark, output);
    }

    /// The same, written otherwise.
    public Transformation with(Output other) {
        return new Transformation(frames, turn, trim, crop, resize, effects, canvas, watermark, other);
    }

    /// The same with the focal point of the picture wherever it is asked for without a place.
    public Transformation focusedAt(Gravity.Point place) {
        Gravity.Focal focal = new Gravity.Focal(place);
        Crop part =
                crop != null && crop.gravity().equals(UNPLACED) ? new Crop(crop.width(), crop.height(), focal) : crop;
        Resize size = resize.gravity().equals(UNPLACED) ? resize.around(focal) : resize;
        return new Transformation(frames, turn, trim, part, size, effects, canvas, watermark, output);
    }

    /// The same, written as a format that was negotiated.
    public Transformation as(MediaType format) {
        return new Transformation(
                frames,
                turn,
                trim,
                crop,
                resize,
                effects,
                canvas,
                watermark,
                new Output(format, output.of(format), Map.of(), output.maxBytes));
    }

    /// The canonical text.
    @Override
    public String toString() {
        return CanonicalText.of(this);
    }
}
