package dev.safelight.delivery;

import dev.safelight.render.Rendered;
import java.util.Locale;
import java.util.stream.Collectors;

/// Tells by `Server-Timing` (W3C) where a picture came from, what it was made of and how long each step took.
final class ServerTiming {
    static final String FIELD = "Server-Timing";
    static final String HIT = "cache;desc=\"memory\"";

    private ServerTiming() {}

    static String of(Rendered rendered) {
        return rendered.timings().stream().map(ServerTiming::of).collect(Collectors.joining(", "));
    }

    private static String of(Rendered.Timing timing) {
        String text = timing.text().isEmpty() ? "" : ";desc=\"" + timing.text() + '"';
        return "%s%s;dur=%.1f"
                .formatted(timing.name(), text, timing.nanos() / 1e6)
                .toLowerCase(Locale.ROOT);
    }
}
