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

/// `safelight usage`: what is stored, delivered and processed, and what it costs.
@Command(
        name = "usage",
        description = "Shows what is stored, delivered and processed by space and feature, and what it costs.")
final class UsageCommand implements Callable<Integer> {
    @Option(names = "--from", paramLabel = "DAY", description = "The first day, as 2026-01-31. Default: of this month")
    @Nullable
    String from;

    @Option(names = "--to", paramLabel = "DAY", description = "The last day. Default: today")
    @Nullable
    String to;

    @Option(names = "--space", description = "Only product, user or marketing.")
    @Nullable
    String space;

    @Option(
            names = "--group",
            defaultValue = "month",
            description = "One line for each day or month. Default: ${DEFAULT-VALUE}")
    String group = "month";

    @Option(names = "--csv", description = "Prints comma-separated values with a heading.")
    boolean csv;

    @Option(names = "--json", description = "Prints the report as the API gives it.")
    boolean json;

    @Mixin
    ClientOptions client = new ClientOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (csv && json) {
            throw new CliException(ExitCode.USAGE, "--csv and --json exclude each other.");
        }
        String query = Stream.of(
                        parameter("from", from),
                        parameter("to", to),
                        parameter("space", space),
                        parameter("group", group))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("&"));
        var out = spec.commandLine().getOut();
        try (ApiClient api = client.connect()) {
            if (csv) {
                out.print(api.text("/v1/usage?format=csv&" + query));
                out.flush();
                return ExitCode.OK;
            }
            JsonNode report = api.get("/v1/usage?" + query);
            if (json) {
                out.println(Json.MAPPER.writeValueAsString(report));
                return ExitCode.OK;
            }
            String currency = report.path("currency").asString();
            report.path("lines").forEach(line -> out.println(line(line, currency)));
            out.println("%s to %s: %s %s"
                    .formatted(
                            report.path("from").asString(),
                            report.path("to").asString(),
                            report.path("total").decimalValue().toPlainString(),
                            currency));
        }
        return ExitCode.OK;
    }

    private static String line(JsonNode line, String currency) {
        return "%-10s  %-9s  %-10s  stored %9s in %d  sent %9s in %d  processed %d in %s s  %s %s"
                .formatted(
                        line.path("period").asString(),
                        line.path("space").asString(),
                        line.path("feature").asString(),
                        AssetText.size(line.path("storedBytes").asLong()),
                        line.path("storedObjects").asLong(),
                        AssetText.size(line.path("egressBytes").asLong()),
                        line.path("requests").asLong(),
                        line.path("processed").asLong(),
                        line.path("processingSeconds").decimalValue().toPlainString(),
                        line.path("cost").decimalValue().toPlainString(),
                        currency);
    }

    private static String parameter(String name, @Nullable String value) {
        return value == null ? "" : name + "=" + ApiClient.encode(value);
    }
}
