package dev.safelight.upload;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The settings of server-sent events, under `safelight.upload.events`.
///
/// @param streams how many may be open in this process
/// @param streamsPerKey how many of them may be of one key, with its sessions
/// @param streamsPerSession how many of them may be of one session: a page needs one
/// @param pause between two looks at the uploads that somebody watches
/// @param heartbeat after how much silence a comment is sent, so that a connection is seen to live, or not to
/// @param longest how long a stream lasts, until its client comes again
@ConfigurationProperties("safelight.upload.events")
record LiveSettings(
        @DefaultValue("2000") int streams,
        @DefaultValue("1000") int streamsPerKey,
        @DefaultValue("5") int streamsPerSession,
        @DefaultValue("300ms") Duration pause,
        @DefaultValue("15s") Duration heartbeat,
        @DefaultValue("10m") Duration longest) {
    /// Connections that are silent for longer are closed.
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(25);

    LiveSettings {
        if (streams < 0 || streamsPerKey < 0 || streamsPerSession < 0) {
            throw new IllegalArgumentException(
                    "safelight.upload.events.streams, streams-per-key and streams-per-session must not be negative");
        }
        requireBetween("pause", pause, Duration.ofMillis(50), Duration.ofSeconds(10));
        requireBetween("heartbeat", heartbeat, Duration.ofMillis(50), LONGEST_SILENCE);
        requireBetween("longest", longest, Duration.ofMillis(50), Duration.ofHours(24));
    }

    private static void requireBetween(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "safelight.upload.events.%s must be %s to %s, not %s".formatted(name, least, most, value));
        }
    }
}
