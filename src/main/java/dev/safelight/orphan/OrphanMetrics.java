package dev.safelight.orphan;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.safelight.asset.Bucket;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;

/// How many objects nothing knows, asked of the database at most every few seconds.
@Component
final class OrphanMetrics implements MeterBinder {
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final LoadingCache<String, Map<Bucket, OrphanRepository.Total>> totals;

    OrphanMetrics(OrphanRepository repository) {
        this.totals = Caffeine.newBuilder().expireAfterWrite(FRESH).build(key -> repository.totals());
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Bucket bucket : Bucket.values()) {
            gauge(registry, "safelight.orphans", bucket, OrphanRepository.Total::objects);
            gauge(registry, "safelight.orphans.bytes", bucket, OrphanRepository.Total::bytes);
        }
    }

    private void gauge(
            MeterRegistry registry, String name, Bucket bucket, ToDoubleFunction<OrphanRepository.Total> figure) {
        Gauge.builder(
                        name,
                        () -> figure.applyAsDouble(
                                totals.get("orphans").getOrDefault(bucket, OrphanRepository.Total.NONE)))
                .tag("bucket", bucket.text())
                .register(registry);
    }
}
