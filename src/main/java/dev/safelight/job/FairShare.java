package dev.safelight.job;

import dev.safelight.asset.Space;
import java.util.Map;

/// How far a job of a space moves its flow back in line: the more weight, the less.
///
/// @param weights of spaces, 1 to 100; 1 for those that are not named
record FairShare(Map<Space, Integer> weights) {
    static final FairShare EVEN = new FairShare(Map.of());

    /// Of a job in a space with the weight 1.
    static final int COST = 100;

    FairShare {
        weights = Map.copyOf(weights);
        weights.forEach((space, weight) -> {
            if (weight < 1 || weight > COST) {
                throw new IllegalArgumentException(
                        "safelight.jobs.weights.%s must be 1 to %d, not %d".formatted(space.text(), COST, weight));
            }
        });
    }

    int cost(Space space) {
        return COST / weights.getOrDefault(space, 1);
    }
}
