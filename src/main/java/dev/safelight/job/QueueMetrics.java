package dev.safelight.job;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.safelight.job.JobRepository.QueueState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;

/// How long the queue is and how far it lags behind, asked of the database at most every few seconds.
@Component
final class QueueMetrics implements MeterBinder {
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final LoadingCache<String, QueueState> state;

    QueueMetrics(JobRepository repository, InstantSource clock) {
        this.state = Caffeine.newBuilder().expireAfterWrite(FRESH).build(key -> repository.queueState(clock.instant()));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "safelight.queue.waiting", QueueState::waiting);
        gauge(registry, "safelight.queue.running", QueueState::running);
        gauge(registry, "safelight.queue.dead", QueueState::dead);
        gauge(registry, "safelight.queue.lag.seconds", now -> now.late().toMillis() / 1000.0);
    }

    private void gauge(MeterRegistry registry, String name, ToDoubleFunction<QueueState> figure) {
        Gauge.builder(name, () -> figure.applyAsDouble(state.get("queue"))).register(registry);
    }
}
