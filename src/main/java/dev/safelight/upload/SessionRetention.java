package dev.safelight.upload;

import dev.safelight.access.UploadSessions;
import dev.safelight.job.Retention;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// How long upload sessions that ended are kept, so that what a page did can still be told from its session.
@Configuration(proxyBeanMethods = false)
@OnRole({ServerRole.API, ServerRole.WORKER})
class SessionRetention {
    private static final Duration KEPT = Duration.ofDays(7);

    @Bean
    Retention forgetEndedSessions(UploadSessions sessions, InstantSource clock) {
        return new Retention(
                "forget-ended-sessions",
                Duration.ofHours(1),
                () -> sessions.forgetEndedBefore(clock.instant().minus(KEPT)));
    }
}
