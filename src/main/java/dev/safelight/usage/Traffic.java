package dev.safelight.usage;

import dev.safelight.asset.Space;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.stereotype.Component;

/// Counts what this process delivers, without a lock or a look-up: whoever counts knows the space and the feature.
@Component
public final class Traffic {
    private final Map<Space, Map<Feature, Meter>> meters = new EnumMap<>(Space.class);

    public Traffic() {
        for (Space space : Space.values()) {
            Map<Feature, Meter> ofSpace = new EnumMap<>(Feature.class);
            for (Feature feature : Feature.values()) {
                ofSpace.put(feature, new Meter());
            }
            meters.put(space, ofSpace);
        }
    }

    private Meter meter(Space space, Feature feature) {
        return Objects.requireNonNull(Objects.requireNonNull(meters.get(space)).get(feature));
    }

    private static final class Meter {
        private final LongAdder bytes = new LongAdder();
        private final LongAdder requests = new LongAdder();
    }

    public void request(Space space, Feature feature) {
        meter(space, feature).requests.increment();
    }

    public void bytes(Space space, Feature feature, long count) {
        meter(space, feature).bytes.add(count);
    }

    /// Takes what was counted since it was last taken.
    Taken take(Space space, Feature feature) {
        Meter meter = meter(space, feature);
        return new Taken(meter.bytes.sumThenReset(), meter.requests.sumThenReset());
    }

    /// Gives back what was taken and could not be written down.
    void giveBack(Space space, Feature feature, Taken taken) {
        Meter meter = meter(space, feature);
        meter.bytes.add(taken.bytes());
        meter.requests.add(taken.requests());
    }

    record Taken(long bytes, long requests) {
        boolean isNothing() {
            return bytes == 0 && requests == 0;
        }
    }
}
