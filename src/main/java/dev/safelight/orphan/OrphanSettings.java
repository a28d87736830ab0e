package dev.safelight.orphan;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How objects that nothing knows are looked for, under `safelight.upload.orphans`.
///
/// @param pause between the end of a walk through a bucket and the next one, at least 1 minute
/// @param grace how old an object must be before it counts, at least 1 hour: variants are stored before
///     they are known
/// @param removeAfter how long one was reported before it is removed, at least the grace; never when not set.
///     Originals are never removed by it
@ConfigurationProperties("safelight.upload.orphans")
record OrphanSettings(
        @DefaultValue("1d") Duration pause,
        @DefaultValue("1d") Duration grace,
        @Nullable Duration removeAfter) {
    private static final Duration LEAST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LEAST_GRACE = Duration.ofHours(1);

    OrphanSettings {
        require("pause", pause, "1m", LEAST_PAUSE);
        require("grace", grace, "1h", LEAST_GRACE);
        if (removeAfter != null) {
            require("remove-after", removeAfter, "the grace of " + grace, grace);
        }
    }

    private static void require(String name, Duration value, String shown, Duration least) {
        if (value.compareTo(least) < 0) {
            throw new IllegalArgumentException(
                    "safelight.upload.orphans." + name + " must be at least " + shown + ", not " + value);
        }
    }
}
