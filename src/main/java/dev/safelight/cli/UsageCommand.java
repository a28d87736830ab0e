package dev.safelight.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
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

    @Mixin
    Output output = new Output();

    @Mixin
    ClientOptions client = new ClientOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (csv && output.json) {
            throw new CliException(ExitCode.USAGE, "--csv and --json exclude each other.");
        }
        String path = "/v1/usage"
                + new Given()
                        .with("format", csv ? "csv" : null)
                        .with("from", from)
                        .with("to", to)
                        .with("space", space)
                        .with("group", group)
                        .query();
        try (ApiClient api = client.connect()) {
            if (csv) {
                output.out().print(api.text(path));
                output.out().flush();
                return ExitCode.OK;
            }
            JsonNode report = api.get(path);
            return output.print(report, text(report));
        }
    }

    private static String text(JsonNode report) {
        String currency = report.path("currency").asString();
        String total = "%s to %s: %s %s"
                .formatted(
                        report.path("from").asString(),
                        report.path("to").asString(),
                        report.path("total").decimalValue().toPlainString(),
                        currency);
        return Stream.concat(report.path("lines").valueStream().map(line -> line(line, currency)), Stream.of(total))
                .collect(Collectors.joining(System.lineSeparator()));
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
}
