package dev.safelight.transform;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// Every option of a transformation URL: how it is spelled, read, written and explained. Canonical text has this order.
public enum Option {
    WIDTH(
            "width w",
            "0 to 16383, or `auto`",
            "0",
            "Width of the box in pixels; 0 leaves it to the height, `auto` takes it from the client hint.",
            QueryValues::width,
            value -> CanonicalValues.number(value.resize().width(), 0)),
    HEIGHT(
            "height h",
            "0 to 16383",
            "0",
            "Height of the box in pixels; 0 leaves it to the width.",
            (draft, value) -> draft.height = value.whole(0, Transformation.LONGEST_SIDE),
            value -> CanonicalValues.number(value.resize().height(), 0)),
    FIT(
            "fit",
            "`inside`, `outside`, `cover`, `cover-down`, `contain`, `fill`, `auto`",
            "inside",
            "How the picture meets the box.",
            QueryValues::fit,
            CanonicalValues::fit),
    MIN_WIDTH(
            "min-width",
            "0 to 16383",
            "0",
            "Enlarges the picture until it is at least this wide; what is over width is cut then.",
            (draft, value) -> draft.minWidth = value.whole(0, Transformation.LONGEST_SIDE),
            value -> CanonicalValues.number(value.resize().minWidth(), 0)),
    MIN_HEIGHT(
            "min-height",
            "0 to 16383",
            "0",
            "Enlarges the picture until it is at least this high; what is over height is cut then.",
            (draft, value) -> draft.minHeight = value.whole(0, Transformation.LONGEST_SIDE),
            value -> CanonicalValues.number(value.resize().minHeight(), 0)),
    ZOOM(
            "zoom",
            "one or two numbers, 0.01 to 100",
            "1",
            "Multiplies the size, or width and height separately.",
            QueryValues::zoom,
            CanonicalValues::zoom),
    DPR(
            "dpr",
            "0.1 to 8, or `auto`",
            "1",
            "Device pixels for each pixel asked for; `auto` takes it from the client hint.",
            QueryValues::dpr,
            value -> CanonicalValues.number(value.resize().dpr(), 1)),
    ENLARGE(
            "enlarge",
            "`true`, `false`",
            "false",
            "Whether a picture smaller than the box is enlarged.",
            (draft, value) -> draft.enlarge = value.flag(),
            value -> CanonicalValues.flag(value.resize().enlarge(), false)),
    GRAVITY(
            "gravity g",
            "`center`, `north`, `south`, `east`, `west`, `northeast`, `northwest`, `southeast`, `southwest`, each with or without `,x,y`; `smart`; `focal`; `fp:x,y`",
            "center",
            "What is kept when something is cut; offsets go inwards.",
            (draft, value) -> draft.gravity = QueryValues.gravity(value),
            CanonicalValues::gravity),
    CROP(
            "crop",
            "`width,height` or `width,height,gravity`; 0 to 1000000",
            "none",
            "Cuts a part out before resizing: below 1 a fraction, else pixels of the original, 0 for all; its gravity is that of the request unless given.",
            QueryValues::crop,
            CanonicalValues::crop),
    TRIM(
            "trim",
            "`threshold`, then perhaps `,color,equal-hor,equal-ver`; threshold 0 to 255",
            "none",
            "Cuts away edges of one colour: that of the top left pixel unless given.",
            QueryValues::trim,
            CanonicalValues::trim),
    EXTEND(
            "extend",
            "`true`, `false`, or a gravity but `smart` and `focal`",
            "false",
            "Fills the box that was asked for, with the picture at this place.",
            (draft, value) -> draft.extend(QueryValues.extend(value)),
            value -> CanonicalValues.extend(value.canvas().extend())),
    EXTEND_RATIO(
            "extend-ratio",
            "`true`, `false`, or a gravity but `smart` and `focal`",
            "false",
            "Extends to the shape of the box only.",
            (draft, value) -> draft.extendRatio = QueryValues.extend(value),
            value -> CanonicalValues.extend(value.canvas().extendAspectRatio())),
    PAD(
            "pad",
            "1, 2 or 4 numbers, 0 to 4096",
            "0",
            "Padding in pixels, in the order of CSS: top, right, bottom, left.",
            QueryValues::pad,
            CanonicalValues::pad),
    BACKGROUND(
            "background bg",
            "3, 6 or 8 hexadecimal digits; `r,g,b`; a basic colour name of CSS",
            "none",
            "Fills what is transparent or was added; without it that stays transparent where the format can, else white.",
            (draft, value) -> draft.background = QueryValues.color(value),
            CanonicalValues::background),
    ROTATE(
            "rotate",
            "0, 90, 180, 270",
            "0",
            "Turns clockwise, after the picture was set upright.",
            QueryValues::rotate,
            value -> CanonicalValues.number(value.turn().degrees(), 0)),
    AUTOROTATE(
            "autorotate",
            "`true`, `false`",
            "true",
            "Whether the picture is set upright as the camera says.",
            (draft, value) -> draft.autoRotate = value.flag(),
            value -> CanonicalValues.flag(value.turn().auto(), true)),
    FLIP(
            "flip",
            "`h`, `v`, `both`",
            "none",
            "Mirrors left and right, top and bottom, or both.",
            QueryValues::flip,
            CanonicalValues::flip),
    BLUR(
            "blur",
            "0 to 100",
            "0",
            "Sigma of a Gaussian blur.",
            (draft, value) -> draft.blur = value.number(0, 100),
            value -> CanonicalValues.number(value.effects().blur(), 0)),
    SHARPEN(
            "sharpen",
            "0 to 10",
            "0",
            "Sigma of an unsharp mask.",
            (draft, value) -> draft.sharpen = value.number(0, 10),
            value -> CanonicalValues.number(value.effects().sharpen(), 0)),
    PIXELATE(
            "pixelate",
            "0 to 1000",
            "0",
            "Side of the squares that the picture becomes.",
            (draft, value) -> draft.pixelate = value.whole(0, 1000),
            value -> CanonicalValues.number(value.effects().pixelate(), 0)),
    GRAYSCALE(
            "grayscale",
            "`true`, `false`",
            "false",
            "Removes colour.",
            (draft, value) -> draft.grayscale = value.flag(),
            value -> CanonicalValues.flag(value.effects().grayscale(), false)),
    WATERMARK(
            "watermark",
            "`assetId` or `default`, then perhaps `,opacity,place,x,y,scale`, where place may be `repeat`; opacity and scale 0 to 1",
            "none",
            "Lays a stored picture over the result; a scale of 0 keeps its own size.",
            QueryValues::watermark,
            CanonicalValues::watermark),
    QUALITY(
            "quality q",
            "1 to 100, or `auto`",
            "of the format",
            "Quality of the encoder; `auto` measures what is enough.",
            QueryValues::quality,
            CanonicalValues::quality),
    FORMAT_QUALITY(
            "format-quality",
            "`format:quality`, several after commas",
            "none",
            "Qualities for single formats, before `quality`.",
            QueryValues::formatQuality,
            CanonicalValues::formatQuality),
    MAX_BYTES(
            "max-bytes maxBytes",
            "0 to 100000000, or in thousands as `200k`, or millions as `1m`",
            "0",
            "Lowers the quality until the result is not larger; 0 for no bound.",
            QueryValues::maxBytes,
            value -> CanonicalValues.number((double) value.output().maxBytes(), 0)),
    FORMAT(
            "format fm f",
            "`auto`, `jpeg`, `jpg`, `png`, `webp`, `avif`, `gif`",
            "auto",
            "Format of the result; `auto` is the best that the client takes. A path may end with it instead.",
            QueryValues::format,
            CanonicalValues::format),
    PAGE(
            "page",
            "0 to 9999",
            "0",
            "Which page or frame is taken first.",
            (draft, value) -> draft.page = value.whole(0, Transformation.Frames.LAST),
            value -> CanonicalValues.number(value.frames().first(), 0)),
    ANIMATED(
            "animated",
            "`true`, `false`",
            "true",
            "Whether an animation stays one.",
            (draft, value) -> draft.animated = value.flag(),
            value -> CanonicalValues.flag(value.frames().animated(), true)),
    PRESET(
            "preset",
            "names, several after commas",
            "none",
            "Options that the configuration has under these names; those of the URL come on top.",
            QueryValues::presets,
            Option::nothing),
    CACHEBUSTER(
            "cachebuster",
            "up to 200 characters",
            "none",
            "Changes nothing but the URL.",
            QueryValues::cacheBuster,
            Option::nothing),
    EXPIRES(
            "expires",
            "seconds since 1970",
            "never",
            "When the URL stops working.",
            QueryValues::expires,
            Option::nothing),
    FILENAME(
            "filename",
            "up to 200 characters without slashes",
            "none",
            "The name under which a browser saves the answer.",
            QueryValues::fileName,
            Option::nothing),
    ATTACHMENT(
            "attachment",
            "`true`, `false`",
            "false",
            "Whether a browser saves the answer instead of showing it.",
            (draft, value) -> draft.attachment = value.flag(),
            Option::nothing),
    PLACEHOLDER(
            "placeholder",
            "`true`, `false`",
            "false",
            "Whether a placeholder is wanted when the picture is missing.",
            (draft, value) -> draft.placeholder = value.flag(),
            Option::nothing),
    SKIP(
            "skip",
            "formats, several after commas",
            "none",
            "Pictures of these formats are only written anew, without metadata, when that is the format of the answer.",
            QueryValues::skip,
            Option::nothing),
    VERSION(
            "v",
            "1 to 999999999",
            "the current one",
            "The version of the asset.",
            (draft, value) -> draft.version = value.whole(1, 999_999_999),
            Option::nothing),
    SIGNATURE("s", "see Signing", "none", "Signature of the URL.", (_, _) -> {}, Option::nothing);

    private static final Map<String, Option> BY_NAME = new HashMap<>();

    static {
        for (Option option : values()) {
            option.names.forEach(name -> BY_NAME.put(name, option));
        }
    }

    private final List<String> names;
    private final String allowed;
    private final String standard;
    private final String purpose;
    private final BiConsumer<Draft, Argument> reader;
    private final Function<Transformation, String> writer;

    Option(
            String names,
            String allowed,
            String standard,
            String purpose,
            BiConsumer<Draft, Argument> reader,
            Function<Transformation, String> writer) {
        this.names = Arrays.asList(names.split(" "));
        this.allowed = allowed;
        this.standard = standard;
        this.purpose = purpose;
        this.reader = reader;
        this.writer = writer;
    }

    private static String nothing(Transformation value) {
        return "";
    }

    static Optional<Option> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /// The name in the query form.
    public String text() {
        return names.getFirst();
    }

    List<String> names() {
        return names;
    }

    String allowed() {
        return allowed;
    }

    String standard() {
        return standard;
    }

    String purpose() {
        return purpose;
    }

    /// Whether it changes the picture, and not only where that comes from or how it is answered.
    boolean shapesPicture() {
        return compareTo(PRESET) < 0;
    }

    void read(Draft draft, Argument value) {
        reader.accept(draft, value);
        draft.mark(this);
    }

    /// The canonical spelling of the value that a transformation has; empty when that is the default.
    String write(Transformation transformation) {
        return writer.apply(transformation);
    }
}
