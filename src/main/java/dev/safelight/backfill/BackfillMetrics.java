package dev.safelight.backfill;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;

/// How many backfills are in each state, asked of the database at most every few seconds.
@Component
final class BackfillMetrics implements MeterBinder {
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final LoadingCache<String, Map<Backfill.State, Integer>> counts;

    BackfillMetrics(BackfillRepository repository) {
        this.counts = Caffeine.newBuilder().expireAfterWrite(FRESH).build(key -> repository.countByState());
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Backfill.State state : Backfill.State.values()) {
            Gauge.builder("safelight.backfills", () -> counts.get("states").getOrDefault(state, 0))
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }
}
