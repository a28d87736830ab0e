package dev.safelight.render;

import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Variant;
import dev.safelight.image.ImageEngine;
import dev.safelight.image.ImageRejected;
import dev.safelight.image.TransformSource;
import dev.safelight.image.Transformed;
import dev.safelight.render.DiskCache.Entry;
import dev.safelight.render.Rendered.Origin;
import dev.safelight.render.Rendered.Timing;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes pictures on request, once however many ask, and keeps them.
///
/// It looks where the answer is cheapest first: a file of this process, a variant of the pipeline that is
/// the very same, a result in the bucket; only then is anything decoded. Who may see what is asked before,
/// by the caller, on every request: nothing in here knows about moderation or keys.
public final class Renderer {
    /// Counts changes that change results, so that older ones are not found any more.
    static final int REVISION = 1;

    private static final String ETAG = "etag";

    private final ImageEngine engine;
    private final DiskCache results;
    private final SourceFiles sources;
    private final KeptResults bucket;
    private final StoredVariants variants;
    private final Admission admission;
    private final RenderMetrics metrics;
    private final SingleFlight<Made> flights = new SingleFlight<>();

    Renderer(
            ImageEngine engine,
            DiskCache results,
            SourceFiles sources,
            KeptResults bucket,
            StoredVariants variants,
            Admission admission,
            RenderMetrics metrics) {
        this.engine = engine;
        this.results = results;
        this.sources = sources;
        this.bucket = bucket;
        this.variants = variants;
        this.admission = admission;
        this.metrics = metrics;
    }

    /// A result in memory.
    private record Made(byte[] bytes, String etag, Origin origin, List<Timing> timings) {}

    /// The picture of an order; the caller closes it.
    ///
    /// @throws Failure busy, when too many are being made; unsupported, when the source cannot be read as a
    ///     picture; invalid, when the result would be too large
    /// @throws IOException when the store cannot be read right now
    public Rendered render(Order order) throws IOException, InterruptedException {
        String key = order.key();
        long started = System.nanoTime();
        Optional<Entry> kept = results.get(key);
        if (kept.isPresent()) {
            metrics.answered(Origin.DISK);
            return new Rendered(
                    order.format(),
                    kept.get().metadata().getOrDefault(ETAG, ""),
                    new Rendered.OnDisk(kept.get()),
                    Origin.DISK,
                    List.of(new Timing("cache", "disk", System.nanoTime() - started)));
        }
        Made made = flights.join(key, () -> make(order, key));
        metrics.answered(made.origin());
        return new Rendered(
                order.format(), made.etag(), new Rendered.InMemory(made.bytes()), made.origin(), made.timings());
    }

    private Made make(Order order, String key) throws IOException, InterruptedException {
        long started = System.nanoTime();
        Optional<Variant> same = variants.exactly(order);
        if (same.isPresent()) {
            byte[] bytes = bucket.read(same.get());
            return new Made(
                    bytes,
                    same.get().etag(),
                    Origin.VARIANT,
                    List.of(new Timing("variant", same.get().name(), System.nanoTime() - started)));
        }
        Optional<byte[]> earlier = bucket.find(order, key);
        if (earlier.isPresent()) {
            Made made = new Made(
                    earlier.get(),
                    etag(earlier.get()),
                    Origin.BUCKET,
                    List.of(new Timing("bucket", "kept", System.nanoTime() - started)));
            keep(order, key, made);
            return made;
        }
        Made made = draw(order);
        keep(order, key, made);
        bucket.keep(order, key, made.bytes());
        return made;
    }

    private void keep(Order order, String key, Made made) {
        results.put(key, order.subject().group(), order.format().extension(), Map.of(ETAG, made.etag()), made.bytes())
                .ifPresent(Entry::close);
    }

    private Made draw(Order order) throws IOException, InterruptedException {
        Source source = SourcePlanner.choose(order.subject(), order.transformation());
        List<Timing> timings = new ArrayList<>();
        long asked = System.nanoTime();
        try (Entry file = sources.open(source);
                Watermark over = watermark(order.watermark())) {
            long fetched = System.nanoTime();
            timings.add(new Timing("source", source.text(), fetched - asked));
            try (Admission.Place _ = enter(source)) {
                long entered = System.nanoTime();
                timings.add(new Timing("queue", "", entered - fetched));
                Transformed made = engine.transform(
                        order.subject().key(),
                        new TransformSource(
                                file.path(),
                                source.type(),
                                order.subject().width(),
                                order.subject().height(),
                                over.path(),
                                over.type(),
                                over.key()),
                        order.transformation());
                long drawn = System.nanoTime();
                timings.add(new Timing(
                        "render",
                        made.width() + "x" + made.height() + " "
                                + order.format().extension() + (made.quality() == 0 ? "" : " q" + made.quality()),
                        drawn - entered));
                metrics.made(source, order.format(), drawn - entered);
                return new Made(made.bytes(), etag(made.bytes()), Origin.RENDERED, timings);
            }
        } catch (ImageRejected rejected) {
            throw new Failure(
                    Failure.Kind.UNSUPPORTED,
                    rejected.rejection().reason(),
                    rejected.rejection().detail());
        }
    }

    private Admission.Place enter(Source source) throws InterruptedException {
        try {
            return admission.enter(source.pixels());
        } catch (Failure busy) {
            metrics.refused();
            throw busy;
        }
    }

    /// The file of a watermark, or nothing.
    private record Watermark(
            @Nullable Entry entry,
            @Nullable MediaType type,
            @Nullable String key) implements AutoCloseable {
        @Nullable
        Path path() {
            return entry == null ? null : entry.path();
        }

        @Override
        public void close() {
            if (entry != null) {
                entry.close();
            }
        }
    }

    // A watermark is small on the result, whatever the result's size: its largest mezzanine has enough of it.
    private Watermark watermark(@Nullable Subject subject) throws IOException, InterruptedException {
        if (subject == null) {
            return new Watermark(null, null, null);
        }
        Source source = SourcePlanner.whole(subject);
        return new Watermark(sources.open(source), source.type(), subject.key());
    }

    private static String etag(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
