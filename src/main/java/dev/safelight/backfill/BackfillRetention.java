package dev.safelight.backfill;

import dev.safelight.job.Retention;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// How long backfills that are over stay in the list.
@Configuration(proxyBeanMethods = false)
class BackfillRetention {
    private static final Duration KEPT = Duration.ofDays(90);

    @Bean
    Retention forgetOldBackfills(BackfillRepository backfills, InstantSource clock) {
        return new Retention(
                "forget-old-backfills",
                Duration.ofHours(6),
                () -> backfills.forgetFinishedBefore(clock.instant().minus(KEPT)));
    }
}
