package dev.safelight.purge.edge;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.EstimationProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Keeps requests to an edge within its limits, as far as this process sends them: one at a time does.
final class EdgeLimits {
    private final Map<String, Bucket> buckets = new HashMap<>();

    EdgeLimits(Map<String, Allowance> allowances, TimeMeter time) {
        allowances.forEach((name, allowance) -> buckets.put(
                name,
                Bucket.builder()
                        .withCustomTimePrecision(time)
                        .addLimit(limit ->
                                limit.capacity(allowance.burst()).refillGreedy(allowance.tokens(), allowance.per()))
                        .build()));
    }

    /// Takes what a request costs if all of it is there.
    ///
    /// @return zero when it was taken; else how long to wait, and nothing was taken
    Duration take(Map<String, Integer> charges) {
        long wait = 0;
        for (Map.Entry<String, Integer> charge : charges.entrySet()) {
            EstimationProbe probe = bucket(charge.getKey()).estimateAbilityToConsume(charge.getValue());
            wait = Math.max(wait, probe.canBeConsumed() ? 0 : probe.getNanosToWaitForRefill());
        }
        if (wait > 0) {
            return Duration.ofNanos(wait);
        }
        charges.forEach((name, tokens) -> bucket(name).tryConsume(tokens));
        return Duration.ZERO;
    }

    private Bucket bucket(String name) {
        Bucket bucket = buckets.get(name);
        if (bucket == null) {
            throw new IllegalArgumentException("no allowance is called " + name);
        }
        return bucket;
    }
}
