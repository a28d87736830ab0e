package dev.safelight.event;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.springframework.stereotype.Component;

/// Counts what becomes of events, and how old they are when they come.
@Component
public final class EventMetrics {
    private static final String EVENTS = "safelight.events";

    private final MeterRegistry registry;
    private final InstantSource clock;

    EventMetrics(MeterRegistry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
    }

    void count(EventSource source, Inbox.Taken taken) {
        count(source, "taken", taken.news().size());
        count(source, "duplicate", taken.duplicates());
        count(source, "ignored", taken.ignored());
        age(source, taken.news());
    }

    private void count(EventSource source, String outcome, int number) {
        registry.counter(EVENTS, "source", source.text(), "outcome", outcome).increment(number);
    }

    private void age(EventSource source, List<StoreEvent> events) {
        Instant now = clock.instant();
        for (StoreEvent event : events) {
            Instant created = event.createdAt();
            if (created != null) {
                Duration age = Duration.between(created, now);
                // The clock of the store may be ahead of ours.
                registry.timer("safelight.events.lag", "source", source.text())
                        .record(age.isNegative() ? Duration.ZERO : age);
            }
        }
    }

    /// Counts a notification that could not be read.
    public void countRefused(EventSource source) {
        registry.counter("safelight.notifications.refused", "source", source.text())
                .increment();
    }
}
