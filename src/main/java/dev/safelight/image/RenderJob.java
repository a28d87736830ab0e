package dev.safelight.image;

import dev.safelight.asset.Failure;
import dev.safelight.image.Rendering.Appearance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One render: decodes once, cascades down through the sizes of a plan, and encodes each size while the
/// next is made.
///
/// The cascade is one task on the native threads that starts the encodings as it goes; no native thread ever waits
/// for another. Whichever task ends last frees the pixels, so that a caller that gives up need not wait for that.
final class RenderJob {
    /// A size is made from the smallest earlier one that is this much larger. Closer ones would resample
    /// the result of a resampling; larger ones cost time without being visible.
    private static final double HEADROOM = 1.75;

    /// How long a render that failed waits for its remaining work, so that memory is free when the caller goes on.
    private static final long GRACE_SECONDS = 5;

    private final Decoder decoder;
    private final NativeThreads threads;
    private final Path file;
    private final Probe probe;
    private final Plan plan;
    private final KillSwitch kill = new KillSwitch();
    private final ConcurrentLinkedQueue<NativeWork<RenderedVariant>> encodings = new ConcurrentLinkedQueue<>();

    RenderJob(Decoder decoder, NativeThreads threads, Path file, Probe probe, Plan plan) {
        this.decoder = decoder;
        this.threads = threads;
        this.file = file;
        this.probe = probe;
        this.plan = plan;
    }

    /// @param share of the memory, which is given back when the last work on the picture has ended
    Rendering run(List<VariantSpec> order, MemoryBudget.Share share) throws ImageRejected {
        ImageScope scope = kill.scope();
        NativeWork<Appearance> cascade;
        try {
            cascade = threads.submit(kill, () -> cascade(scope));
        } catch (Failure e) {
            scope.close();
            share.close();
            throw e;
        }
        CompletableFuture<Void> released = new CompletableFuture<>();
        // The encodings are all known once the cascade has ended.
        cascade.whenEnded(() -> NativeWork.whenAllEnded(encodings, () -> {
            scope.close();
            share.close();
            released.complete(null);
        }));
        boolean done = false;
        try {
            Appearance appearance = cascade.result();
            List<RenderedVariant> variants = new ArrayList<>();
            for (NativeWork<RenderedVariant> encoding : encodings) {
                variants.add(encoding.result());
            }
            variants.sort(Comparator.comparingInt(variant -> order.indexOf(variant.spec())));
            done = true;
            return new Rendering(probe, variants, appearance);
        } finally {
            settle(released, done);
        }
    }

    private void settle(CompletableFuture<Void> released, boolean done) {
        boolean late = kill.isKilled();
        if (!done) {
            kill.kill();
        }
        if (late) {
            return;
        }
        try {
            released.get(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException _) {
            // The work frees its memory itself, whenever it ends.
        }
    }

    private Appearance cascade(ImageScope scope) throws ImageRejected, VipsException {
        Picture original = decoder.decode(file, probe, plan, scope, kill);
        Map<Size, Picture> whole = new LinkedHashMap<>();
        whole.put(original.size(), original);
        for (Target target : plan.targets()) {
            Picture rendered = render(target, whole, scope);
            scope.keep(rendered.strip());
            // A first frame alone is no source for what moves.
            if (!target.isCut() && rendered.frames() == original.frames()) {
                whole.putIfAbsent(target.scaled(), rendered);
            }
            for (VariantSpec spec : target.specs()) {
                encodings.add(threads.submit(kill, () -> encode(rendered, target.shown(), spec)));
            }
        }
        return AppearanceReader.read(sourceFor(AppearanceReader.BOX, whole));
    }

    private static Picture render(Target target, Map<Size, Picture> whole, ImageScope scope) throws VipsException {
        Picture same = whole.get(target.scaled());
        if (same != null && !target.isCut()) {
            return same;
        }
        Picture source = sourceFor(target.scaled(), whole);
        return (target.isStill() ? new Picture(source.first(scope), 1) : source).render(target);
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
}
