package dev.safelight.event;

import java.util.Locale;

/// Which way events come.
public enum EventSource {
    EMBEDDED,
    WEBHOOK,
    SQS;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
