package dev.safelight.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
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

    @Option(names = "--json", description = "Prints the list as the API gives it.")
    boolean json;

    @Mixin
    ClientOptions client = new ClientOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        String query = Stream.of(
                        parameter("bucket", bucket),
                        parameter("before", before),
                        parameter("limit", String.valueOf(limit)),
                        parameter("cursor", cursor))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("&"));
        try (ApiClient api = client.connect()) {
            JsonNode page = api.get("/v1/orphans?" + query);
            var out = spec.commandLine().getOut();
            if (json) {
                out.println(Json.MAPPER.writeValueAsString(page));
                return ExitCode.OK;
            }
            page.path("orphans").forEach(orphan -> out.println(line(orphan)));
            String next = Json.textOrNull(page, "nextCursor");
            if (next != null) {
                spec.commandLine().getErr().println("More with: --cursor " + next);
            }
        }
        return ExitCode.OK;
    }

    private static String line(JsonNode orphan) {
        return "%s  %8s  %s:%s"
                .formatted(
                        orphan.path("foundAt").asString(),
                        AssetText.size(orphan.path("bytes").asLong()),
                        orphan.path("bucket").asString(),
                        orphan.path("key").asString());
    }

    private static String parameter(String name, @Nullable String value) {
        return value == null ? "" : name + "=" + ApiClient.encode(value);
    }
}
