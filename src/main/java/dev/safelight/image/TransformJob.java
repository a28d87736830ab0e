package dev.safelight.image;

import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.image.Decoder.Opened;
import dev.safelight.image.Decoder.Part;
import dev.safelight.transform.Transformation;
import dev.safelight.transform.Transformation.Effects;
import dev.safelight.transform.Transformation.Turn;
import dev.safelight.transform.Transformation.Watermark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// One transformation, as one task on a native thread.
///
/// A still that is only scaled and cut flows through one lazy pipeline from the decoder to the encoder, a
/// few rows at a time. Whoever needs rows again, such as turning or trimming, has the picture decoded into
/// memory first.
final class TransformJob {
    private static final Set<MediaType> MOVING = Set.of(MediaType.WEBP, MediaType.GIF);

    /// Floating point with alpha, before and after.
    private static final int EFFECTS_BYTES = 32;

    private static final int AVIF_BYTES = 40;
    private static final int WEBP_BYTES = 24;

    /// The finished pixels, which are kept, and what an attempt is decoded to.
    private static final int REPEATED_BYTES = 12;

    private final Decoder decoder;
    private final ImageLimits limits;
    private final TransformSource source;
    private final Transformation wanted;
    private final Probe probe;
    private final @Nullable Probe watermark;
    private final MediaType format;

    /// @param watermark what the header of the watermark says, absent when there is none
    TransformJob(
            Decoder decoder,
            ImageLimits limits,
            TransformSource source,
            Transformation wanted,
            Probe probe,
            @Nullable Probe watermark) {
        this.decoder = decoder;
        this.limits = limits;
        // Only the first of several pages need be as large as is known of the original.
        this.source = page(probe, wanted) ? source.ofPage(probe) : source;
        this.wanted = wanted;
        this.probe = probe;
        this.watermark = watermark;
        this.format = Objects.requireNonNull(wanted.output().format(), "a format was chosen");
    }

    private static boolean page(Probe probe, Transformation wanted) {
        return probe.mediaType() == MediaType.TIFF && wanted.frames().first() > 0;
    }

    /// Refuses what is too large before anything is decoded.
    ///
    /// @throws Failure invalid
    void check() {
        int first = wanted.frames().first();
        if (first >= probe.frames()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The picture has " + probe.frames() + " pages or frames, counted from 0; there is no " + first
                            + ".");
        }
        Geometry geometry = geometry();
        if (geometry.isExact()) {
            limits.checkResult(geometry, format, frames());
        }
    }

    /// What is expected before the file is opened: it may still turn out to be trimmed, or stored
    /// lying on its side.
    Geometry geometry() {
        return Geometry.of(source.width(), source.height(), isVector(), wanted);
    }

    private boolean isVector() {
        return probe.mediaType() == MediaType.SVG;
    }

    /// Of the result. A single frame that was asked for is a still.
    int frames() {
        boolean animated = wanted.frames().animated()
                && wanted.frames().first() == 0
                && MOVING.contains(format)
                && MOVING.contains(probe.mediaType());
        return animated ? probe.frames() : 1;
    }

    /// How much smaller than the file its largest use is; below 1 for a drawing that is drawn larger.
    double reduction() {
        double ofOriginal = (double) probe.width() / source.width();
        double reduction = ofOriginal / geometry().scale();
        if (!isVector()) {
            return Math.max(1, reduction);
        }
        double most = Math.sqrt((double) limits.pixels() / ((double) probe.width() * probe.height()));
        return Math.max(reduction, 1 / most);
    }

    /// Whether all of the file is decoded into memory, as far as the header of the file tells.
    boolean needsMemory() {
        return frames() > 1
                || TurnPicture.of(probe.orientation(), wanted.turn()).needsAllRows()
                || Layout.looks(wanted);
    }

    /// How much smaller than the file its pixels are when they come out of the decoder.
    double decodedReduction() {
        return decodedReduction(probe, reduction());
    }

    private static double decodedReduction(Probe probe, double reduction) {
        return switch (probe.mediaType()) {
            case JPEG -> Decoder.shrink(reduction);
            case SVG -> reduction;
            default -> 1;
        };
    }

    /// In pixels of one frame of the result, at most.
    long resultArea() {
        return Math.min(geometry().mostPixels(), limits.resultPixels());
    }

    /// What the watermark takes until the end: of its file, and as the layer that is laid on the result.
    long watermarkBytes() throws ImageRejected {
        Watermark wish = wanted.watermark();
        if (wish == null || watermark == null || source.watermark() == null) {
            return 0;
        }
        double reduction = decodedReduction(watermark, watermarkReduction(watermark, wish, geometry()));
        boolean whole = TurnPicture.of(watermark.orientation(), Turn.UPRIGHT).needsAllRows();
        boolean buffered = decoder.isBuffered(source.watermark(), watermark);
        long own = (long) watermark.width() * watermark.height();
        long layer = wish.scale() == 0 ? Math.min(own, resultArea()) : resultArea();
        return Footprint.file(watermark, reduction, 1, whole, buffered)
                + 4 * layer
                + LayWatermark.blockBytes(wish, geometry());
    }

    /// In pixels that are held of one frame before it is cut; none, unless its pixels decide where.
    long scaledArea() {
        return Layout.looks(wanted) ? Math.min(geometry().scaled().area(), limits.pixels()) : 0;
    }

    /// What a pixel of the result takes until it is written: as pixels, in effects, and in the encoder.
    long bytesOfResultPixel() {
        long effects = wanted.effects().equals(Effects.NONE) ? 0 : EFFECTS_BYTES;
        long encoder = switch (format) {
            case JPEG, PNG -> 4;
            case AVIF -> AVIF_BYTES;
            case WEBP -> WEBP_BYTES;
            default -> 12;
        };
        long repeated = ChooseQuality.mayRepeat(wanted.output(), format) ? REPEATED_BYTES : 0;
        return effects + encoder + repeated + (wanted.watermark() == null ? 0 : 4);
    }

    /// @param journal hears of the watermark while that is decoded
    Transformed run(KillSwitch kill, CrashJournal journal) throws Exception {
        try (ImageScope scope = kill.scope()) {
            boolean lazy;
            Layout layout;
            NativeImage pixels;
            try {
                Part part = new Part(wanted.frames().first(), frames() > 1, reduction());
                Opened opened = decoder.open(source.file(), probe, part, scope);
                TurnPicture turn = TurnPicture.of(opened.orientation(), wanted.turn());
                lazy = frames() == 1 && !turn.needsAllRows() && !Layout.looks(wanted);
                pixels = lazy ? opened.image() : scope.keep(opened.image().inMemory());
                NativeImage first = frame(pixels, 0, scope);
                layout = Layout.of(first, turn, original(opened), isVector(), wanted, scope);
            } catch (VipsException e) {
                throw Decoder.failure(source.file(), probe.mediaType(), e);
            }
            limits.checkResult(layout.geometry(), format, frames());
            LayWatermark watermarks = watermark(layout.geometry(), journal, scope);
            try {
                return encoded(result(pixels, layout, watermarks, scope), layout.geometry(), scope);
            } catch (VipsException e) {
                if (lazy) {
                    throw Decoder.failure(source.file(), probe.mediaType(), e);
                }
                throw e;
            }
        }
    }

    /// The original after turning; when it is not turned upright, it may lie on its side.
    private Size original(Opened opened) {
        Size displayed = new Size(source.width(), source.height());
        boolean stored = !wanted.turn().auto() && opened.orientation() >= 5;
        boolean swapped = stored != (wanted.turn().degrees() % 180 != 0);
        return swapped ? displayed.turned() : displayed;
    }

    private NativeImage frame(NativeImage strip, int index, ImageScope scope) throws VipsException {
        int height = strip.height() / frames();
        return new Rect(0, index * height, strip.width(), height).of(strip, scope);
    }

    private Picture result(NativeImage pixels, Layout layout, @Nullable LayWatermark watermarks, ImageScope scope)
            throws VipsException {
        if (frames() == 1) {
            return new Picture(finished(layout.of(pixels, scope), layout, watermarks, scope), 1);
        }
        List<NativeImage> results = new ArrayList<>();
        for (int i = 0; i < frames(); i++) {
            try (ImageScope steps = new ImageScope()) {
                NativeImage frame = layout.of(frame(pixels, i, steps), steps);
                results.add(
                        scope.keep(finished(frame, layout, watermarks, steps).inMemory()));
            }
        }
        NativeImage strip = scope.keep(pixels.vips()
                .operation("arrayjoin")
                .in(results)
                .with("across", 1)
                .toImage());
        NativeImage joined = scope.keep(strip.operation("copy").toImage());
        joined.put("page-height", layout.geometry().result().height());
        return new Picture(joined, frames());
    }

    private NativeImage finished(NativeImage frame, Layout layout, @Nullable LayWatermark watermarks, ImageScope scope)
            throws VipsException {
        Geometry geometry = layout.geometry();
        NativeImage shown = frame;
        if (!wanted.effects().equals(Effects.NONE)) {
            shown = ApplyEffects.to(scope.keep(shown.inMemory()), wanted.effects(), geometry.dpr(), scope);
        }
        NativeImage canvas = ExtendCanvas.of(shown, wanted.canvas(), geometry, format, scope);
        return watermarks == null ? canvas : watermarks.on(canvas, scope);
    }

    private @Nullable LayWatermark watermark(Geometry geometry, CrashJournal journal, ImageScope scope)
            throws Exception {
        Watermark wish = wanted.watermark();
        Path file = source.watermark();
        if (wish == null || wish.opacity() == 0 || watermark == null || file == null) {
            return null;
        }
        Probe header = watermark;
        Callable<LayWatermark> work = () -> watermark(file, header, wish, geometry, scope);
        String key = source.watermarkKey();
        return key == null ? work.call() : journal.during(key, work);
    }

    private LayWatermark watermark(Path file, Probe header, Watermark wish, Geometry geometry, ImageScope scope)
            throws ImageRejected {
        try {
            Part part = new Part(0, false, watermarkReduction(header, wish, geometry));
            Opened opened = decoder.open(file, header, part, scope);
            TurnPicture turn = TurnPicture.of(opened.orientation(), Turn.UPRIGHT);
            NativeImage pixels = turn.needsAllRows() ? scope.keep(opened.image().inMemory()) : opened.image();
            return LayWatermark.of(turn.of(pixels, scope), wish, geometry.result(), geometry.dpr(), scope);
        } catch (VipsException e) {
            throw Decoder.failure(file, header.mediaType(), e);
        }
    }

    private static double watermarkReduction(Probe watermark, Watermark wish, Geometry geometry) {
        if (wish.scale() == 0) {
            return 1;
        }
        double reduction = Math.max(
                        (double) watermark.width() / geometry.resultWidth(),
                        (double) watermark.height() / geometry.resultHeight())
                / wish.scale();
        return watermark.mediaType() == MediaType.SVG ? reduction : Math.max(1, reduction);
    }

    private Transformed encoded(Picture picture, Geometry geometry, ImageScope scope) throws VipsException {
        Size size = geometry.result();
        Picture ready = ChooseQuality.mayRepeat(wanted.output(), format)
                ? new Picture(scope.keep(picture.strip().inMemory()), picture.frames())
                : picture;
        ChooseQuality.Encoded encoded = new ChooseQuality(ready, format, wanted.output()).encode();
        return new Transformed(
                encoded.bytes(), format, size.width(), size.height(), picture.frames(), encoded.quality());
    }
}
