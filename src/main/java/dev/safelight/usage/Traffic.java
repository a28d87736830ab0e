package dev.safelight.usage;

import dev.safelight.asset.Space;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.stereotype.Component;

/// Counts what this process delivers, without a lock or a look-up: whoever counts knows the space and the feature.
@Component
public final class Traffic {
    private final Meter[][] meters = new Meter[Space.values().length][Feature.values().length];

    public Traffic() {
        for (Meter[] ofSpace : meters) {
            for (int i = 0; i < ofSpace.length; i++) {
                ofSpace[i] = new Meter();
            }
        }
    }

    private static final class Meter {
        private final LongAdder bytes = new LongAdder();
        private final LongAdder requests = new LongAdder();
    }

    public void request(Space space, Feature feature) {
        meters[space.ordinal()][feature.ordinal()].requests.increment();
    }

    public void bytes(Space space, Feature feature, long count) {
        meters[space.ordinal()][feature.ordinal()].bytes.add(count);
    }

    /// Takes what was counted since it was last taken.
    Taken take(Space space, Feature feature) {
        Meter meter = meters[space.ordinal()][feature.ordinal()];
        return new Taken(meter.bytes.sumThenReset(), meter.requests.sumThenReset());
    }

    /// Gives back what was taken and could not be written down.
    void giveBack(Space space, Feature feature, Taken taken) {
        Meter meter = meters[space.ordinal()][feature.ordinal()];
        meter.bytes.add(taken.bytes());
        meter.requests.add(taken.requests());
    }

    record Taken(long bytes, long requests) {
        boolean isNothing() {
            return bytes == 0 && requests == 0;
        }
    }
}
