package dev.safelight.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `safelight orphans`: lists the objects in the buckets that nothing knows.
@Command(
        name = "orphans",
        description = "Lists objects in the buckets that nothing in the catalogue knows, as they were found last.")
final class OrphansCommand implements Callable<Integer> {
    @Option(names = "--bucket", description = "Only those in raw, processed, user or marketing.")
    @Nullable
    String bucket;

    @Option(
            names = "--before",
            paramLabel = "INSTANT",
            description = "Only those first found before an instant such as 2026-01-31T00:00:00Z.")
    @Nullable
    String before;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "At most so many, 1 to 1000. Default: ${DEFAULT-VALUE}")
    int limit = 100;

    @Option(names = "--cursor", paramLabel = "TEXT", description = "Goes on where a list ended.")
    @Nullable
    String cursor;

    @Mixin
    Output output = new Output();

    @Mixin
    ClientOptions client = new ClientOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Given wanted = new Given()
                .with("bucket", bucket)
                .with("before", before)
                .with("limit", limit)
                .with("cursor", cursor);
        try (ApiClient api = client.connect()) {
            return output.printPage(api.get("/v1/orphans" + wanted.query()), "orphans", OrphansCommand::line);
        }
    }

    private static String line(JsonNode orphan) {
        return "%s  %8s  %s:%s"
                .formatted(
                        orphan.path("foundAt").asString(),
                        AssetText.size(orphan.path("bytes").asLong()),
                        orphan.path("bucket").asString(),
                        orphan.path("key").asString());
    }
}
