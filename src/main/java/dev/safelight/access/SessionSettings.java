package dev.safelight.access;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The settings of upload sessions, under `safelight.upload.sessions`.
///
/// @param maxOpen how many of one key may be open at a time
@ConfigurationProperties("safelight.upload.sessions")
record SessionSettings(@DefaultValue("10000") int maxOpen) {
    SessionSettings {
        if (maxOpen < 1) {
            throw new IllegalArgumentException("safelight.upload.sessions.max-open must be at least 1, not " + maxOpen);
        }
    }
}
