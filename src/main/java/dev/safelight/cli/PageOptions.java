package dev.safelight.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which page of a list is shown.
final class PageOptions {
    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "At most so many, 1 to 200. Default: ${DEFAULT-VALUE}")
    int limit = 50;

    @Option(names = "--cursor", paramLabel = "TEXT", description = "Goes on where a list ended.")
    @Nullable
    String cursor;

    Given given() {
        return new Given().with("limit", limit).with("cursor", cursor);
    }
}
