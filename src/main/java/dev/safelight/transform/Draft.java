package dev.safelight.transform;

import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A request while its options are read, one after the other; both grammars and presets write into it.
final class Draft {
    private static final int MOST_PRESETS = 20;

    private final Presets presets;
    private final List<String> open = new ArrayList<>();
    private int presetsUsed;
    final Set<Option> asked = EnumSet.noneOf(Option.class);

    Transformation.Fit fit = Transformation.Fit.INSIDE;
    boolean contain;
    int width;
    int height;
    boolean widthHint;
    int minWidth;
    int minHeight;
    double zoomX = 1;
    double zoomY = 1;
    double dpr = 1;
    boolean dprHint;
    boolean enlarge;
    Gravity gravity = Gravity.CENTER;

    @Nullable
    Gravity extend;

    @Nullable
    Gravity extendRatio;

    boolean crop;
    double cropWidth;
    double cropHeight;

    @Nullable
    Gravity cropGravity;

    Transformation.@Nullable Trim trim;
    Transformation.Padding padding = Transformation.Padding.NONE;

    @Nullable
    Color background;

    boolean autoRotate = true;
    int rotate;
    boolean flipHorizontally;
    boolean flipVertically;
    /// Whether `extend=false` was said, as opposed to nothing.
    boolean unextended;

    double blur;
    double sharpen;
    int pixelate;
    boolean grayscale;
    Transformation.@Nullable Watermark watermark;

    Transformation.Quality quality = new Transformation.Quality.Standard();
    final Map<MediaType, Integer> formatQuality = new EnumMap<>(MediaType.class);
    long maxBytes;

    @Nullable
    MediaType format;

    int page;
    boolean animated = true;

    @Nullable
    Instant expires;

    @Nullable
    String fileName;

    boolean attachment;
    boolean placeholder;

    @Nullable
    Integer version;

    final Set<MediaType> skip = EnumSet.noneOf(MediaType.class);

    Draft(Presets presets) {
        this.presets = presets;
    }

    /// Notes that an option was given by the URL itself. A preset that gives it too takes nothing back: some
    /// options add to each other.
    void mark(Option option) {
        if (open.isEmpty()) {
            asked.add(option);
        }
    }

    void extend(@Nullable Gravity place) {
        extend = place;
        unextended = place == null;
    }

    void preset(Argument name) {
        if (open.contains(name.text())) {
            throw name.refuse("a preset that does not use itself");
        }
        if (++presetsUsed > MOST_PRESETS) {
            throw name.refuse("one of at most %d presets in all".formatted(MOST_PRESETS));
        }
        open.add(name.text());
        presets.named(name).applyTo(this);
        open.removeLast();
    }

    ImageRequest request(Source source) {
        return new ImageRequest(
                source,
                transformation(),
                expires,
                fileName,
                attachment,
                placeholder,
                new Hints(widthHint, dprHint),
                List.copyOf(skip),
                asked);
    }

    Transformation transformation() {
        return new Transformation(
                new Transformation.Frames(page, animated),
                new Transformation.Turn(autoRotate, rotate, flipHorizontally, flipVertically),
                trim,
                crop
                        ? new Transformation.Crop(cropWidth, cropHeight, cropGravity == null ? gravity : cropGravity)
                        : null,
                new Transformation.Resize(fit, width, height, minWidth, minHeight, zoomX, zoomY, dpr, enlarge, gravity),
                new Transformation.Effects(blur, sharpen, pixelate, grayscale),
                new Transformation.Canvas(extended(), extendRatio, padding, background),
                watermark,
                new Transformation.Output(format, quality, formatQuality, maxBytes));
    }

    private @Nullable Gravity extended() {
        if (!contain || extend != null) {
            return extend;
        }
        if (!unextended) {
            return Gravity.CENTER;
        }
        if (asked.contains(Option.FIT)) {
            throw new Failure(
                    Failure.Kind.INVALID, "fit=contain extends, which extend=false forbids; give one of them");
        }
        return null;
    }
}
