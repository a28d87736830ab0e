package dev.safelight.transform;

import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.transform.TransformSettings.Mode;
import dev.safelight.transform.Transformation.Quality;
import dev.safelight.transform.Transformation.Resize;
import java.time.Instant;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who may ask for what: everything with a signature, what is cheap and common without, and nobody beyond
/// the limits.
public final class TransformPolicy {
    private static final int QUALITY_STEP = 10;

    /// An animation may have so many times the pixels of a still, as each frame is smaller than it.
    private static final long ANIMATION = 2;

    private final Mode unsigned;
    private final NavigableSet<Integer> widths;
    private final int maxSide;
    private final long maxPixels;

    public TransformPolicy(TransformSettings settings) {
        this.unsigned = settings.unsigned();
        this.widths = new TreeSet<>(settings.widths());
        this.maxSide = settings.maxSide();
        this.maxPixels = settings.maxPixels();
    }

    /// @param signed whether the signature was checked and right
    /// @throws Failure FORBIDDEN when nothing is given without a signature, NOT_FOUND when the URL has
    ///     expired, INVALID naming the option that needs a signature or is too large
    public void check(ImageRequest request, boolean signed, Instant now) {
        if (!signed) {
            checkUnsigned(request);
        }
        Instant expires = request.expires();
        if (expires != null && !now.isBefore(expires)) {
            throw new Failure(Failure.Kind.NOT_FOUND, "this URL has expired");
        }
        String excess = excess(request.transformation());
        if (excess != null) {
            throw new Failure(Failure.Kind.INVALID, excess);
        }
    }

    private void checkUnsigned(ImageRequest request) {
        if (request.source() instanceof Source.Remote && unsigned != Mode.ANY) {
            throw new Failure(
                    Failure.Kind.FORBIDDEN, "a picture from elsewhere needs a signature; see docs/transformations.md");
        }
        switch (unsigned) {
            case ANY -> {}
            case NONE ->
                throw new Failure(Failure.Kind.FORBIDDEN, "a signature is needed; see docs/transformations.md");
            case PRESETS -> {
                if (!request.asked().contains(Option.PRESET)) {
                    throw new Failure(
                            Failure.Kind.INVALID, "a preset is needed, or a signature; see docs/transformations.md");
                }
                for (Option option : request.asked()) {
                    if (!isFreeBesidePresets(option)) {
                        throw needsSignature(option, "only presets are free");
                    }
                }
            }
            case LADDER -> {
                for (Option option : request.asked()) {
                    if (!isFree(option, request)) {
                        throw needsSignature(
                                option, free(option, request.transformation().resize()));
                    }
                }
            }
        }
    }

    private static Failure needsSignature(Option option, String free) {
        return new Failure(
                Failure.Kind.INVALID,
                "this value of %s needs a signature or a preset; %s".formatted(option.text(), free));
    }

    /// Tells what may be had instead.
    private String free(Option option, Resize asked) {
        if (option == Option.WIDTH) {
            return "near " + asked.width() + ", free are " + nearest(asked.width());
        }
        return option == Option.HEIGHT
                ? "near " + asked.height() + ", free are " + nearest(asked.height())
                : "what is free is listed in docs/transformations.md";
    }

    private String nearest(int pixels) {
        return Stream.of(widths.floor(pixels), widths.ceiling(pixels))
                .filter(Objects::nonNull)
                .map(String::valueOf)
                .collect(Collectors.joining(" and "));
    }

    static boolean isFreeBesidePresets(Option option) {
        return switch (option) {
            case PRESET, FORMAT, VERSION, EXPIRES, SIGNATURE, PLACEHOLDER -> true;
            case WIDTH,
                    HEIGHT,
                    FIT,
                    MIN_WIDTH,
                    MIN_HEIGHT,
                    ZOOM,
                    DPR,
                    ENLARGE,
                    GRAVITY,
                    CROP,
                    TRIM,
                    EXTEND,
                    EXTEND_RATIO,
                    PAD,
                    BACKGROUND,
                    ROTATE,
                    AUTOROTATE,
                    FLIP,
                    BLUR,
                    SHARPEN,
                    PIXELATE,
                    GRAYSCALE,
                    WATERMARK,
                    QUALITY,
                    FORMAT_QUALITY,
                    MAX_BYTES,
                    PAGE,
                    ANIMATED,
                    CACHEBUSTER,
                    FILENAME,
                    ATTACHMENT,
                    SKIP -> false;
        };
    }

    private boolean isFree(Option option, ImageRequest request) {
        Transformation asked = request.transformation();
        Resize resize = asked.resize();
        return switch (option) {
            case WIDTH -> resize.width() == 0 || widths.contains(resize.width());
            case HEIGHT -> resize.height() == 0 || widths.contains(resize.height());
            case DPR -> ClientHints.isBucket(resize.dpr());
            case GRAVITY -> isCommon(resize.gravity());
            case QUALITY -> isCommon(asked.output());
            case BACKGROUND ->
                asked.canvas().background() == null
                        || ColorNames.BASIC.containsValue(asked.canvas().background());
            case FIT, FORMAT, ANIMATED, PRESET, PLACEHOLDER, VERSION, EXPIRES, SIGNATURE -> true;
            case CACHEBUSTER, FILENAME -> false;
            case ATTACHMENT -> !request.attachment();
            case SKIP -> request.skip().isEmpty();
            case MIN_WIDTH,
                    MIN_HEIGHT,
                    ZOOM,
                    ENLARGE,
                    CROP,
                    TRIM,
                    EXTEND,
                    EXTEND_RATIO,
                    PAD,
                    AUTOROTATE,
                    BLUR,
                    SHARPEN,
                    PIXELATE,
                    GRAYSCALE,
                    ROTATE,
                    FLIP,
                    WATERMARK,
                    FORMAT_QUALITY,
                    MAX_BYTES,
                    PAGE -> option.write(asked).isEmpty();
        };
    }

    /// Whether it is one of few, and not any of infinitely many points.
    private static boolean isCommon(Gravity gravity) {
        return switch (gravity) {
            case Gravity.Compass(var _, double x, double y) -> x == 0 && y == 0;
            case Gravity.Focal focal -> focal.place() == null;
            case Gravity.Smart _ -> true;
            case Gravity.Point _ -> false;
        };
    }

    /// Whether it is one of few qualities. AVIF is slow enough once: it is not searched for.
    private static boolean isCommon(Transformation.Output output) {
        return switch (output.quality()) {
            case Quality.Standard _ -> true;
            case Quality.Auto _ -> output.format() != MediaType.AVIF;
            case Quality.Fixed(int value) -> value % QUALITY_STEP == 0;
        };
    }

    /// What is too large, or nothing. Told from the URL alone: a side that it leaves open is bounded when the
    /// picture is made.
    private @Nullable String excess(Transformation asked) {
        Resize resize = asked.resize();
        Transformation.Padding pad = asked.canvas().padding();
        double width = side(resize.width(), resize.zoomX(), resize.minWidth(), resize.dpr());
        double height = side(resize.height(), resize.zoomY(), resize.minHeight(), resize.dpr());
        double paddedWidth = width + (pad.left() + pad.right()) * resize.dpr();
        double paddedHeight = height + (pad.top() + pad.bottom()) * resize.dpr();
        if (paddedWidth > maxSide) {
            return tooLong("width", paddedWidth);
        }
        if (paddedHeight > maxSide) {
            return tooLong("height", paddedHeight);
        }
        double pixels = paddedWidth * paddedHeight;
        return width > 0 && height > 0 && pixels > maxPixels
                ? "the result would have %.0f pixels; at most %d".formatted(pixels, maxPixels)
                : null;
    }

    private String tooLong(String name, double pixels) {
        return "%s would be %.0f pixels with dpr, zoom and padding; at most %d".formatted(name, pixels, maxSide);
    }

    private static double side(int asked, double zoom, int min, double dpr) {
        return Math.max(asked * zoom, min) * dpr;
    }

    /// Holds the size of a result, which is known once the picture is, against the limits.
    ///
    /// @param frames of the result
    /// @throws Failure INVALID with the size and what is allowed
    public void checkResult(int width, int height, int frames) {
        long all = (long) width * height * frames;
        if (all > ANIMATION * maxPixels) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "the result would have %d frames of %d x %d pixels; at most %d pixels together"
                            .formatted(frames, width, height, ANIMATION * maxPixels));
        }
        if (Math.max(width, height) > maxSide || (long) width * height > maxPixels) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "the result would have %d x %d pixels; at most %d on a side and %d together"
                            .formatted(width, height, maxSide, maxPixels));
        }
    }

    /// The request with the client's hints filled in where it takes part, rounded up so that few sizes are made.
    /// Hints that would make the result too large are not followed.
    public ImageRequest hinted(ImageRequest request, ClientHints hints) {
        Resize resize = request.transformation().resize();
        Double ratio = request.wanted().dpr() ? hints.bucketedDpr() : null;
        double dpr = ratio == null ? resize.dpr() : ratio;
        int width = resize.width();
        Integer pixels = request.wanted().width() ? hints.width() : null;
        if (pixels != null) {
            Integer step = widths.ceiling(pixels);
            // The hint is in device pixels, which the ratio would multiply again.
            width = Math.max(1, (int) Math.round((step == null ? widths.last() : step) / dpr));
        }
        if (width == resize.width() && dpr == resize.dpr()) {
            return request;
        }
        Resize filled = new Resize(
                resize.fit(),
                width,
                resize.height(),
                resize.minWidth(),
                resize.minHeight(),
                resize.zoomX(),
                resize.zoomY(),
                dpr,
                resize.enlarge(),
                resize.gravity());
        Transformation hinted = request.transformation().with(filled);
        return excess(hinted) == null ? request.with(hinted) : request;
    }
}
