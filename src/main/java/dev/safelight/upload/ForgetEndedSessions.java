package dev.safelight.upload;

import dev.safelight.access.UploadSessions;
import dev.safelight.job.RecurringJob;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/// Removes upload sessions that ended some time ago.
@Component
@OnRole({ServerRole.API, ServerRole.WORKER})
final class ForgetEndedSessions implements RecurringJob {
    /// So that what a page did can still be told from its session.
    private static final Duration KEPT = Duration.ofDays(7);

    private final UploadSessions sessions;
    private final InstantSource clock;

    ForgetEndedSessions(UploadSessions sessions, InstantSource clock) {
        this.sessions = sessions;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "forget-ended-sessions";
    }

    @Override
    public Duration pause() {
        return Duration.ofHours(1);
    }

    @Override
    public void run() {
        sessions.forgetEndedBefore(clock.instant().minus(KEPT));
    }
}
