package dev.safelight.server;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How a process ends that was told to, under `safelight.stop`.
///
/// @param notice how long it goes on answering after it says that it is not ready, 0 s to 1 min: the time in which load
///     balancers notice
/// @param limit how long its end may take altogether, 10 s to 15 min; after that it ends at once, as it does when it
///     is told a second time
@ConfigurationProperties("safelight.stop")
public record StopSettings(
        @DefaultValue("0s") Duration notice,
        @DefaultValue("2m") Duration limit) {
    public StopSettings {
        require(notice, "notice", Duration.ZERO, Duration.ofMinutes(1), "0s to 1m");
        require(limit, "limit", Duration.ofSeconds(10), Duration.ofMinutes(15), "10s to 15m");
    }

    private static void require(Duration given, String name, Duration least, Duration most, String allowed) {
        if (given.compareTo(least) < 0 || given.compareTo(most) > 0) {
            throw new IllegalArgumentException("safelight.stop.%s must be %s, not %s".formatted(name, allowed, given));
        }
    }
}
