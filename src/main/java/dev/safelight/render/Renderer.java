package dev.safelight.render;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Sha256;
import dev.safelight.asset.Variant;
import dev.safelight.image.ImageEngine;
import dev.safelight.image.ImageRejected;
import dev.safelight.image.TransformSource;
import dev.safelight.image.Transformed;
import dev.safelight.render.DiskCache.Entry;
import dev.safelight.render.Rendered.Origin;
import dev.safelight.render.Rendered.Timing;
import dev.safelight.transform.Transformation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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

    /// What all who waited for a result share: where it is, never its bytes, which slow readers would
    /// hold in memory.
    private record Made(Origin origin, List<Timing> timings) {}

    /// The picture of an order; the caller closes it.
    ///
    /// @throws Failure busy, when too many are being made; unsupported, when the source cannot be read as a
    ///     picture; invalid, when the result would be too large
    /// @throws IOException when the store cannot be read, or the disk not written to, right now
    public Rendered render(Order order) throws IOException, InterruptedException {
        String key = order.key();
        String group = order.subject().group();
        long begun = order.subject().reuse().isKept() ? results.moment(group) : DiskCache.ALONE;
        long started = System.nanoTime();
        Optional<Entry> kept = results.get(key);
        if (kept.isPresent()) {
            Timing disk = new Timing("cache", "disk", System.nanoTime() - started);
            return answer(order, kept.get(), new Made(Origin.DISK, List.of(disk)));
        }
        // A file may be evicted between its arrival and its use, though hardly twice.
        for (int attempt = 0; attempt < 3; attempt++) {
            // Who comes after it was forgotten does not wait for what was begun before.
            Made made = flights.join(key + '@' + begun, () -> make(order, key, begun));
            Optional<Entry> result = results.get(key, begun);
            if (results.moment(group) != begun) {
                // Made, in part, before it was to be forgotten, or for one alone: for those who waited.
                results.drop(key);
            }
            if (result.isPresent()) {
                return answer(order, result.get(), made);
            }
        }
        throw new IOException("a result was evicted each time before it could be read; its cache is too small");
    }

    /// Lets go of what the disk of this process keeps of some assets: of what pictures were made from, then
    /// of the pictures. What is being made is given to those who wait for it and not kept. It comes back from
    /// the bucket if it is kept there.
    public void purgeDisk(Set<AssetId> assets) {
        Set<String> groups = assets.stream().map(AssetId::toString).collect(Collectors.toUnmodifiableSet());
        sources.forget(groups);
        results.dropGroups(groups);
    }

    /// Lets go of what the bucket keeps of some assets, after [#purgeDisk], and of what was taken from there
    /// meanwhile. Results that were still on their way there are gone, too, when this returns.
    ///
    /// @throws IOException when results in the bucket could not be removed
    public void purgeBucket(Set<AssetId> assets) throws IOException {
        if (bucket.isEmpty()) {
            return;
        }
        try {
            bucket.awaitWrites();
            for (AssetId asset : assets) {
                bucket.remove(asset);
            }
        } finally {
            purgeDisk(assets);
        }
    }

    /// Lets go of everything.
    ///
    /// @param asked what was kept in the bucket before is made anew when it is wanted
    public void purgeAll(Instant asked) {
        bucket.distrustBefore(asked);
        sources.forgetAll();
        results.clear();
    }

    /// Takes no result from the bucket that was kept before a moment.
    public void distrustKeptBefore(Instant moment) {
        bucket.distrustBefore(moment);
    }

    private Rendered answer(Order order, Entry entry, Made made) {
        metrics.answered(made.origin());
        String etag = entry.metadata().getOrDefault(ETAG, "");
        return new Rendered(order.format(), etag, entry, made.origin(), made.timings());
    }

    private Made make(Order order, String key, long begun) throws IOException, InterruptedException {
        long started = System.nanoTime();
        Optional<Variant> same = variants.exactly(order);
        if (same.isPresent()) {
            try (InputStream content = bucket.open(same.get())) {
                keep(order, key, same.get().etag(), content, begun);
            }
            return made(Origin.VARIANT, "variant", same.get().name(), started);
        }
        Optional<byte[]> earlier = bucket.find(order, key);
        if (earlier.isPresent()) {
            keep(order, key, Sha256.hex(earlier.get()), new ByteArrayInputStream(earlier.get()), begun);
            return made(Origin.BUCKET, "bucket", "kept", started);
        }
        return draw(order, key, begun);
    }

    private static Made made(Origin origin, String step, String text, long started) {
        return new Made(origin, List.of(new Timing(step, text, System.nanoTime() - started)));
    }

    private void keep(Order order, String key, String etag, InputStream content, long begun) throws IOException {
        results.put(key, order.subject().group(), order.format().extension(), Map.of(ETAG, etag), content, begun)
                .orElseThrow(() -> new IOException(
                        "a result finds no room on the disk; its cache is too small or the disk is full"))
                .close();
    }

    private Made draw(Order order, String key, long begun) throws IOException, InterruptedException {
        Source source = SourcePlanner.choose(order.subject(), order.transformation());
        List<Timing> timings = new ArrayList<>();
        long asked = System.nanoTime();
        try (Admission.Place place = enter(source, order);
                Entry file = sources.open(source);
                Watermark over = watermark(order.watermark())) {
            long fetched = System.nanoTime();
            timings.add(new Timing("source", source.text(), fetched - asked));
            place.start();
            long started = System.nanoTime();
            timings.add(new Timing("queue", "", started - fetched));
            Transformed made = engine.transform(
                    order.subject().content(),
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
            timings.add(new Timing("render", text(made), drawn - started));
            metrics.made(source, order.format(), drawn - started);
            // Here, while the place is held: so many results are in memory at once, and no more.
            keep(order, key, Sha256.hex(made.bytes()), new ByteArrayInputStream(made.bytes()), begun);
            bucket.keep(
                    order,
                    key,
                    made.bytes(),
                    () -> results.moment(order.subject().group()) == begun);
            return new Made(Origin.RENDERED, timings);
        } catch (ImageRejected rejected) {
            throw new Failure(
                    Failure.Kind.UNSUPPORTED,
                    rejected.rejection().reason(),
                    rejected.rejection().detail());
        }
    }

    private static String text(Transformed made) {
        String size = made.width() + "x" + made.height() + " " + made.format().extension();
        return made.quality() == 0 ? size : size + " q" + made.quality();
    }

    private Admission.Place enter(Source source, Order order) {
        try {
            return admission.enter(source.pixels(), pace(order));
        } catch (Failure busy) {
            metrics.refused();
            throw busy;
        }
    }

    private static Admission.Pace pace(Order order) {
        Transformation.Output output = order.transformation().output();
        boolean searched = output.maxBytes() > 0 || output.quality() instanceof Transformation.Quality.Auto;
        boolean moves =
                order.subject().frames() > 1 && order.transformation().frames().animated();
        return searched || moves || order.format() == MediaType.AVIF ? Admission.Pace.SLOW : Admission.Pace.QUICK;
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
}
