package dev.safelight.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// What the delivery counts.
final class DeliveryMetrics {
    private final Counter hits;
    private final Counter misses;
    private final Counter bytes;

    DeliveryMetrics(MeterRegistry registry) {
        hits = counter(registry, "safelight.delivery.hits", "Requests answered from memory");
        misses = counter(registry, "safelight.delivery.misses", "Requests that had to ask the catalogue or the store");
        bytes = Counter.builder("safelight.delivery.sent")
                .description("Content of media answers")
                .baseUnit("bytes")
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    void hit(long sent) {
        hits.increment();
        bytes.increment((double) sent);
    }

    void miss() {
        misses.increment();
    }

    void sent(long count) {
        bytes.increment((double) count);
    }
}
