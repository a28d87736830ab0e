package dev.safelight.render;

import dev.safelight.asset.MediaType;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// What making pictures costs, by source.
final class RenderMetrics {
    private final MeterRegistry registry;

    RenderMetrics(MeterRegistry registry, Admission admission, DiskCache results, DiskCache sources) {
        this.registry = registry;
        gauge(
                "safelight.render.queue",
                "Requests whose picture is being made or waits for it",
                admission,
                Admission::inside);
        gauge("safelight.render.results.bytes", "Finished pictures on disk", results, DiskCache::bytes);
        gauge("safelight.render.sources.bytes", "Fetched sources on disk", sources, DiskCache::bytes);
    }

    private <T> void gauge(String name, String description, T owner, ToDoubleFunction<T> value) {
        Gauge.builder(name, owner, value).description(description).register(registry);
    }

    void answered(Rendered.Origin origin) {
        registry.counter("safelight.render.answers", "origin", origin.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    /// @param nanos from the first byte read to the last one written, on one native thread
    void made(Source source, MediaType format, long nanos) {
        String kind = switch (source) {
            case Source.Original _ -> "original";
            case Source.Smaller smaller -> smaller.variant().name();
            case Source.Foreign _ -> "foreign";
        };
        registry.timer("safelight.render.time", "source", kind, "format", format.extension())
                .record(Duration.ofNanos(nanos));
    }

    void refused() {
        registry.counter("safelight.render.refused").increment();
    }
}
