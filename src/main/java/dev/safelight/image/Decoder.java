package dev.safelight.image;

import dev.safelight.asset.MediaType;
import dev.safelight.asset.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// Opens files: first the header, then all pixels as upright 8-bit sRGB in memory of the primary library.
final class Decoder {
    /// JPEG can be decoded at these fractions of its size for a part of the cost.
    private static final int[] JPEG_SHRINKS = {8, 4, 2};

    /// All that an encoder may know beside the pixels: positions, names and profiles end here, whatever it
    /// would write.
    private static final Set<String> TIMING = Set.of("delay", "loop", "n-pages", "page-height");

    /// What tells the operations of libvips that rows come once and in order, so that they keep those
    /// they need again.
    static final String ORDERED_ROWS = "vips-sequential";

    private static final int PNG_INTERLACE = 28;

    private final Libraries libraries;
    private final ImageLimits limits;

    Decoder(Libraries libraries, ImageLimits limits) {
        this.libraries = libraries;
        this.limits = limits;
    }

    /// Reads the header and checks it against the limits; decodes no pixel.
    Probe probe(Path file, MediaType type) throws ImageRejected {
        return probe(file, type, 0);
    }

    /// The header of what is decoded when a page is asked for, where pages have headers of their own; that
    /// of the whole file where there is no such page.
    Probe probe(Path file, MediaType type, int page) throws ImageRejected {
        refuseEmpty(file);
        Reader reader = Reader.of(type)
                .orElseThrow(() ->
                        new ImageRejected(Reason.UNSUPPORTED, "Pictures of type " + type + " are not processed."));
        if (reader == Reader.SVG) {
            SvgCheck.check(file);
        }
        if (reader == Reader.JPEG) {
            JpegScans.areSeveral(file);
        }
        if (reader == Reader.GIF && !GifBlocks.areComplete(file)) {
            throw new ImageRejected(Reason.CORRUPT, "The file is damaged: the animation breaks off.");
        }
        Vips vips = libraries.readerOf(type);
        try {
            Probe first = header(vips, reader, file, 0);
            boolean own = reader.hasPages() && page > 0 && page < first.frames();
            return own ? header(vips, reader, file, page) : first;
        } catch (VipsException e) {
            throw failure(file, type, e);
        }
    }

    private Probe header(Vips vips, Reader reader, Path file, int page) throws VipsException, ImageRejected {
        try (NativeImage header = open(vips, reader, file, page == 0 ? Map.of() : Map.of("page", page))) {
            int frames = Math.max(1, reader.frames(header));
            limits.check(header.width(), header.height(), page == 0 ? frames : 1);
            limits.checkBands(header.bands());
            int orientation = reader.orientedByExif() ? header.orientation() : 1;
            return new Probe(
                    reader.mediaType(),
                    orientation >= 5 ? header.height() : header.width(),
                    orientation >= 5 ? header.width() : header.height(),
                    frames,
                    header.hasAlpha(),
                    header.isDeep() ? 16 : 8,
                    header.isCmyk(),
                    orientation);
        }
    }

    /// Decodes what a plan needs, at the smallest scale that serves its largest target.
    ///
    /// @param scope takes the pixels
    Picture decode(Path file, Probe probe, Plan plan, ImageScope scope, KillSwitch kill) throws ImageRejected {
        Reader reader = Reader.of(probe.mediaType()).orElseThrow();
        Vips vips = libraries.readerOf(probe.mediaType());
        boolean animated = reader.animated() && probe.frames() > 1 && plan.wantsAnimation();
        Map<String, Object> options = switch (reader) {
            case JPEG -> Map.of("shrink", shrink(plan.reduction(new Size(probe.width(), probe.height()))));
            case GIF, WEBP -> Map.of("n", animated ? -1 : 1);
            case PNG, TIFF, AVIF, HEIC, JXL, SVG -> Map.of();
        };
        try (ImageScope steps = kill.scope()) {
            NativeImage own = own(vips, steps.keep(open(vips, reader, file, options)), steps);
            boolean turned = reader.orientedByExif() && own.orientation() != 1;
            NativeImage colours = ToSrgb.convert(own.withoutSpareBands(steps), steps);
            NativeImage pixels = (turned ? steps : scope).keep(colours.inMemory());
            NativeImage upright = turned
                    ? scope.keep(
                            steps.keep(pixels.operation("autorot").toImage()).inMemory())
                    : pixels;
            upright.keepOnly(TIMING);
            return new Picture(upright, animated ? probe.frames() : 1);
        } catch (VipsException e) {
            throw failure(file, probe.mediaType(), e);
        }
    }

    /// A picture as 8-bit sRGB, not turned yet and without anything but its pixels and its timing.
    ///
    /// @param image lazy: pixels are decoded, and may turn out to be damaged, when they are asked for, from
    ///     the top downwards and once
    /// @param orientation of EXIF, 1 to 8
    record Opened(NativeImage image, int orientation) {}

    /// What of a file is opened.
    ///
    /// @param page of a file that has several
    /// @param animated all frames from the first, one below the other
    /// @param reduction how much smaller it may be; some decoders save time by that
    record Part(int page, boolean animated, double reduction) {}

    /// @param scope takes the images
    Opened open(Path file, Probe probe, Part part, ImageScope scope) throws VipsException, ImageRejected {
        Reader reader = Reader.of(probe.mediaType()).orElseThrow();
        Vips vips = libraries.readerOf(probe.mediaType());
        Map<String, Object> options = switch (reader) {
            case JPEG -> Map.of("shrink", shrink(part.reduction));
            case GIF, WEBP -> part.animated ? Map.of("n", -1) : Map.of("page", part.page);
            case TIFF -> Map.of("page", part.page);
            case SVG -> Map.of("scale", 1 / part.reduction);
            case PNG, AVIF, HEIC, JXL -> Map.of();
        };
        NativeImage own = own(vips, scope.keep(open(vips, reader, file, options)), scope);
        int orientation = reader.orientedByExif() ? own.orientation() : 1;
        NativeImage colours = ToSrgb.convert(own.withoutSpareBands(scope), scope);
        NativeImage bare = scope.keep(colours.operation("copy").toImage());
        bare.keepOnly(part.animated ? TIMING : Set.of(ORDERED_ROWS));
        return new Opened(bare, orientation);
    }

    private NativeImage own(Vips vips, NativeImage source, ImageScope scope) throws VipsException {
        return vips == libraries.primary() ? source : scope.keep(source.copiedTo(libraries.primary()));
    }

    /// Whether the file comes in several passes: a progressive JPEG, an interlaced PNG.
    boolean isBuffered(Path file, Probe probe) throws ImageRejected {
        return switch (probe.mediaType()) {
            case JPEG -> JpegScans.areSeveral(file);
            case PNG -> {
                try (InputStream in = Files.newInputStream(file)) {
                    byte[] header = in.readNBytes(PNG_INTERLACE + 1);
                    yield header.length > PNG_INTERLACE && header[PNG_INTERLACE] != 0;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            default -> false;
        };
    }

    /// The part of a JPEG's size to decode at. The decoder's own scaling is coarse: unless some is left for
    /// the filter of libvips to do, fine detail suffers.
    static int shrink(double reduction) {
        for (int shrink : JPEG_SHRINKS) {
            if (shrink + 1 <= reduction) {
                return shrink;
            }
        }
        return 1;
    }

    private static NativeImage open(Vips vips, Reader reader, Path file, Map<String, Object> options)
            throws VipsException {
        Operation load = vips.operation(reader.operation())
                .with("filename", file)
                .with("access", "sequential")
                .with("fail_on", "warning");
        options.forEach(load::with);
        return load.toImage();
    }

    private static void refuseEmpty(Path file) throws ImageRejected {
        try {
            if (Files.size(file) == 0) {
                throw new ImageRejected(Reason.EMPTY, "The file is empty.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The verdict, unless the machine or Safelight is to blame and not the picture.
    static ImageRejected failure(Path file, MediaType type, VipsException cause) {
        if (cause.isShortage()) {
            throw cause.unavailable();
        }
        if (cause.isOutOfOrder()) {
            throw new IllegalStateException("rows were read that had been given away", cause);
        }
        try (InputStream in = Files.newInputStream(file)) {
            var _ = in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ImageRejected(Reason.CORRUPT, "The file is damaged: it cannot be read as " + type + ".", cause);
    }
}
