package dev.safelight.image;

import dev.safelight.image.Rendering.Appearance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// One render: decodes once, cascades down through the sizes of a plan, and encodes each size while the next is made.
///
/// The cascade is one task on the native threads that starts the encodings as it goes; no native thread ever waits
/// for another. The calling thread waits for all of them, also after a failure, since their pixels are freed then.
final class RenderJob {
    /// A size is made from the smallest earlier one that is this much larger. Closer ones would resample the result of
    /// a resampling; larger ones cost time without being visible.
    private static final double HEADROOM = 2;

    private final Decoder decoder;
    private final NativeThreads threads;
    private final Path file;
    private final Probe probe;
    private final Plan plan;
    private final ConcurrentLinkedQueue<Future<RenderedVariant>> encodings = new ConcurrentLinkedQueue<>();

    RenderJob(Decoder decoder, NativeThreads threads, Path file, Probe probe, Plan plan) {
        this.decoder = decoder;
        this.threads = threads;
        this.file = file;
        this.probe = probe;
        this.plan = plan;
    }

    Rendering run(List<VariantSpec> order) throws ImageRejected {
        try (ImageScope scope = new ImageScope()) {
            Future<Appearance> cascade = threads.submit(() -> cascade(scope));
            try {
                Appearance appearance = result(cascade);
                List<RenderedVariant> variants = new ArrayList<>();
                for (Future<RenderedVariant> encoding : encodings) {
                    variants.add(result(encoding));
                }
                variants.sort(Comparator.comparingInt(variant -> order.indexOf(variant.spec())));
                return new Rendering(probe, variants, appearance);
            } finally {
                settle(cascade);
                encodings.forEach(RenderJob::settle);
            }
        }
    }

    private Appearance cascade(ImageScope scope) throws ImageRejected, VipsException {
        Picture original = decoder.decode(file, probe, plan);
        scope.keep(original.strip());
        Map<Size, Picture> whole = new LinkedHashMap<>();
        whole.put(original.size(), original);
        for (Target target : plan.targets()) {
            Picture rendered = render(target, whole);
            scope.keep(rendered.strip());
            if (!target.isCut()) {
                whole.putIfAbsent(target.scaled(), rendered);
            }
            for (VariantSpec spec : target.specs()) {
                encodings.add(threads.submit(() -> encode(rendered, target.shown(), spec)));
            }
        }
        return AppearanceReader.read(sourceFor(AppearanceReader.BOX, whole));
    }

    private static Picture render(Target target, Map<Size, Picture> whole) throws VipsException {
        Picture same = whole.get(target.scaled());
        if (same != null && !target.isCut()) {
            return same;
        }
        return sourceFor(target.scaled(), whole).render(target);
    }

    private static Picture sourceFor(Size size, Map<Size, Picture> whole) {
        return whole.values().stream()
                .filter(picture -> picture.size().isAtLeast(HEADROOM, size))
                .min(Comparator.comparingLong(picture -> picture.size().area()))
                .orElseGet(() -> whole.values().iterator().next());
    }

    private static RenderedVariant encode(Picture picture, Size size, VariantSpec spec) throws VipsException {
        return new RenderedVariant(spec, size.width(), size.height(), Encoder.encode(picture, spec));
    }

    private static <T> T result(Future<T> task) throws ImageRejected {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the render was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ImageRejected rejected) {
                throw rejected;
            }
            throw new IllegalStateException("a picture that was decoded could not be rendered", e.getCause());
        }
    }

    /// Waits until a task has ended one way or another, and no longer touches pixels.
    private static void settle(Future<?> task) {
        boolean interrupted = false;
        while (!task.isDone()) {
            try {
                task.get();
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
