package dev.safelight.delivery;

import dev.safelight.asset.Space;
import dev.safelight.usage.Traffic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// What the delivery counts.
final class DeliveryMetrics {
    private final Counter hits;
    private final Counter misses;
    private final Counter loads;
    private final Counter bytes;
    private final Traffic traffic;

    DeliveryMetrics(MeterRegistry registry) {
        this(registry, new Traffic());
    }

    DeliveryMetrics(MeterRegistry registry, Traffic traffic) {
        this.traffic = traffic;
        hits = counter(registry, "safelight.delivery.hits", "Requests answered from memory");
        misses = counter(registry, "safelight.delivery.misses", "Requests that had to ask the catalogue or the store");
        loads = counter(registry, "safelight.delivery.loads", "Stored variants, or parts of them, read from the store");
        bytes = Counter.builder("safelight.delivery.sent")
                .description("Content of media answers")
                .baseUnit("bytes")
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    void hit(Representation picture, long sent) {
        hits.increment();
        answered(picture);
        sent(picture, sent);
    }

    void miss() {
        misses.increment();
    }

    void load() {
        loads.increment();
    }

    /// A request for a picture that is there.
    void answered(Representation picture) {
        Space space = picture.space();
        if (space != null) {
            traffic.request(space, picture.feature());
        }
    }

    void sent(Representation picture, long count) {
        bytes.increment((double) count);
        Space space = picture.space();
        if (space != null) {
            traffic.bytes(space, picture.feature(), count);
        }
    }
}
