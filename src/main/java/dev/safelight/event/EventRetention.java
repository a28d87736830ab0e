package dev.safelight.event;

import dev.safelight.job.Retention;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// How long events stay in the inbox: until no store repeats them any more. Refused notifications go with
/// their dead jobs.
@Configuration(proxyBeanMethods = false)
class EventRetention {
    private static final Duration KEPT = Duration.ofDays(15);
    /// Not before their jobs.
    private static final Duration REFUSED_KEPT = Duration.ofDays(91);

    @Bean
    Retention forgetOldEvents(StoreEventRepository events, RefusedNotificationRepository refused, InstantSource clock) {
        return new Retention("forget-old-events", Duration.ofHours(6), () -> {
            events.forgetBefore(clock.instant().minus(KEPT));
            refused.forgetBefore(clock.instant().minus(REFUSED_KEPT));
        });
    }
}
