package dev.safelight.role;

import java.util.Locale;

/// A part of the work of an installation, of which each process does one or several.
public enum ServerRole {
    /// Serves `/v1`: grants uploads, knows and changes assets.
    API,
    /// Runs the jobs of the queue, and what is done now and then.
    WORKER,
    /// Serves media and pictures on request.
    DELIVERY;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
