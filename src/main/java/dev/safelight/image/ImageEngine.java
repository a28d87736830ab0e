package dev.safelight.image;

import dev.safelight.asset.MediaType;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// Reads pictures safely and renders sets of variants, on native threads and within a memory budget of its own.
///
/// Safe for use by any number of threads, virtual ones included; callers wait, native code never runs on them.
public final class ImageEngine implements AutoCloseable {
    /// Renders that may wait for their share of the budget before the next is turned away.
    private static final int MAX_WAITING = 256;

    private final Libraries libraries;
    private final ImageLimits limits;
    private final Decoder decoder;
    private final NativeThreads threads;
    private final PixelBudget budget;

    /// @param threads that run native code; the number of cores is best
    /// @throws dev.safelight.asset.Failure unavailable, when no libvips is installed
    public ImageEngine(ImageLimits limits, int threads) {
        this(Libraries.open(), limits, threads);
    }

    ImageEngine(Libraries libraries, ImageLimits limits, int threads) {
        this.libraries = libraries;
        this.limits = limits;
        this.decoder = new Decoder(libraries, limits);
        this.threads = new NativeThreads(threads, libraries::endThread);
        this.budget = new PixelBudget(limits.totalPixels(), MAX_WAITING);
    }

    /// Reads the header of a picture; decodes no pixel.
    ///
    /// @param type by content, never by name
    /// @throws ImageRejected empty, corrupt, too large, unsupported, or active content in an SVG
    public Probe probe(Path file, MediaType type) throws ImageRejected {
        return await(threads.submit(() -> decoder.probe(file, type)));
    }

    /// Decodes a picture once and makes all variants of it.
    ///
    /// @param type by content, never by name
    /// @throws ImageRejected as [#probe] does, and corrupt when decoding fails at any point, without any output
    /// @throws dev.safelight.asset.Failure busy, when too many renders wait already
    public Rendering render(Path file, MediaType type, List<VariantSpec> specs) throws ImageRejected {
        Probe probe = probe(file, type);
        Size size = new Size(probe.width(), probe.height());
        Plan plan = Plan.of(size, specs);
        try (PixelBudget.Share _ = budget.take(decodedPixels(probe, plan))) {
            return new RenderJob(decoder, threads, file, probe, plan).run(specs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the render was interrupted");
        }
    }

    /// The largest pictures that are accepted.
    public ImageLimits limits() {
        return limits;
    }

    /// What the installed libraries read and write.
    public LibraryReport report() {
        try {
            return await(threads.submit(() -> LibraryReport.of(libraries)));
        } catch (ImageRejected e) {
            throw new IllegalStateException("a report rejects nothing", e);
        }
    }

    /// Waits for work in progress, then ends the native threads.
    @Override
    public void close() {
        threads.close();
    }

    private static long decodedPixels(Probe probe, Plan plan) {
        Size size = new Size(probe.width(), probe.height());
        int shrink = probe.mediaType() == MediaType.JPEG ? Decoder.shrink(plan.reduction(size)) : 1;
        return size.area() * probe.frames() / shrink / shrink;
    }

    private static <T> T await(Future<T> work) throws ImageRejected {
        try {
            return work.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the call was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ImageRejected rejected) {
                throw rejected;
            }
            throw new IllegalStateException("native work failed", e.getCause());
        }
    }
}
