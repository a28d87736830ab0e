package dev.safelight.image;

import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.transform.Transformation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

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
    private final MemoryBudget budget;
    private final CrashJournal journal;
    private final Map<MediaType, Boolean> writable = new ConcurrentHashMap<>();

    /// @param threads that run native code; the number of cores is best
    /// @throws Failure unavailable, when no libvips is installed
    public ImageEngine(ImageLimits limits, int threads) {
        this(limits, threads, CrashJournal.none());
    }

    /// @param journal of pictures that are transformed
    public ImageEngine(ImageLimits limits, int threads, CrashJournal journal) {
        this(Libraries.open(), limits, threads, journal);
    }

    private ImageEngine(Libraries libraries, ImageLimits limits, int threads, CrashJournal journal) {
        this.journal = journal;
        this.libraries = libraries;
        this.limits = limits;
        this.decoder = new Decoder(libraries, limits);
        this.threads = new NativeThreads(threads, limits.time(), libraries::endThread);
        this.budget = new MemoryBudget(limits.memory(), MAX_WAITING);
    }

    /// Reads the header of a picture; decodes no pixel.
    ///
    /// @param type by content, never by name
    /// @throws ImageRejected empty, corrupt, too large, unsupported, or active content in an SVG
    public Probe probe(Path file, MediaType type) throws ImageRejected {
        return threads.submit(new KillSwitch(), () -> decoder.probe(file, type)).result();
    }

    /// Decodes a picture once and makes all variants of it.
    ///
    /// @param type by content, never by name
    /// @throws ImageRejected as [#probe] does, and corrupt when decoding fails at any point, without any output
    /// @throws Failure busy, when too many renders wait already
    public Rendering render(Path file, MediaType type, List<VariantSpec> specs) throws ImageRejected {
        Probe probe = probe(file, type);
        Size size = new Size(probe.width(), probe.height());
        Plan plan = Plan.of(size, specs);
        long bytes = Footprint.of(probe, plan, decoder.isBuffered(file, probe)).bytes();
        try {
            return new RenderJob(decoder, threads, file, probe, plan).run(specs, budget.take(bytes));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the render was interrupted");
        }
    }

    /// Makes one picture on demand, under the name of its file.
    public Transformed transform(TransformSource source, Transformation wanted) throws ImageRejected {
        return transform(source.file().toString(), source, wanted);
    }

    /// Makes one picture on demand.
    ///
    /// @param key names the bytes of the source across restarts, so that those that crash the process are known
    /// @param wanted with a format; a focal point that was not looked up counts as the middle
    /// @throws ImageRejected as [#probe] does, and corrupt when decoding fails at any point
    /// @throws Failure invalid, when the result would be too large or the page does not exist; unsupported,
    ///     when the format cannot be written here or the source or its watermark has crashed the process
    ///     more than twice of late; busy, when too many pictures wait already; unavailable, when too many
    ///     native threads are stuck
    public Transformed transform(String key, TransformSource source, Transformation wanted) throws ImageRejected {
        journal.check(key);
        MediaType format = Objects.requireNonNull(wanted.output().format(), "a format was chosen");
        if (!isWritable(format)) {
            throw new Failure(Failure.Kind.UNSUPPORTED, "This installation does not write " + format + ".");
        }
        int page = wanted.frames().first();
        Probe probe = noted(key, new KillSwitch(), () -> decoder.probe(source.file(), source.type(), page))
                .result();
        TransformJob job = new TransformJob(decoder, limits, source, wanted, probe, watermark(key, source, wanted));
        job.check();
        boolean buffered = decoder.isBuffered(source.file(), probe);
        try {
            MemoryBudget.Share share =
                    budget.take(Footprint.of(probe, job, buffered).bytes());
            return transform(key, job, share);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the transformation was interrupted");
        }
    }

    private Transformed transform(String key, TransformJob job, MemoryBudget.Share share) throws ImageRejected {
        KillSwitch kill = new KillSwitch();
        NativeWork<Transformed> work;
        try {
            work = noted(key, kill, () -> job.run(kill, journal));
        } catch (Failure e) {
            share.close();
            throw e;
        }
        // Work that was given up holds its memory until it ends.
        work.whenEnded(share::close);
        return work.result();
    }

    private @Nullable Probe watermark(String key, TransformSource source, Transformation wanted) throws ImageRejected {
        Path file = source.watermark();
        MediaType type = source.watermarkType();
        if (file == null || type == null || wanted.watermark() == null) {
            return null;
        }
        String own = source.watermarkKey();
        if (own != null) {
            journal.check(own, "The watermark");
        }
        return noted(own == null ? key : own, new KillSwitch(), () -> decoder.probe(file, type))
                .result();
    }

    private <T> NativeWork<T> noted(String key, KillSwitch kill, Callable<T> work) {
        return threads.submit(kill, () -> journal.during(key, work));
    }

    /// Whether pictures can be processed: false when so many threads are stuck in native code that only a new
    /// process helps.
    public boolean isHealthy() {
        return threads.isHealthy();
    }

    private boolean isWritable(MediaType format) throws ImageRejected {
        Boolean known = writable.get(format);
        if (known == null) {
            known = threads.submit(new KillSwitch(), () -> Encoder.writes(libraries.primary(), format))
                    .result();
            writable.put(format, known);
        }
        return known;
    }

    /// The largest pictures that are accepted.
    public ImageLimits limits() {
        return limits;
    }

    /// What the installed libraries read and write.
    public LibraryReport report() {
        try {
            return threads.submit(new KillSwitch(), () -> LibraryReport.of(libraries))
                    .result();
        } catch (ImageRejected e) {
            throw new IllegalStateException("a report rejects nothing", e);
        }
    }

    /// Waits a bounded time for work in progress, then ends the native threads.
    @Override
    public void close() {
        threads.close();
    }
}
