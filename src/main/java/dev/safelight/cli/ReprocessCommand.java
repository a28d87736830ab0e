package dev.safelight.cli;

import static dev.safelight.cli.WatchedBackfill.BACKFILL;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `safelight asset reprocess`: brings assets to the profile of now after it was changed.
@Command(
        name = "reprocess",
        description = "Makes what a changed profile asks for again, and only that; what is served stays until then. "
                + "The server does it by itself: this command starts a backfill and watches it.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:All was done; or started, with --detach.",
            "1:Something failed, it was cancelled, or --timeout came first.",
            "130:Stopped by Ctrl-C; the server goes on."
        })
final class ReprocessCommand implements Callable<Integer> {
    private static final Pattern RATE = Pattern.compile("([1-9][0-9]{0,4})(/min)?");

    @Parameters(paramLabel = "ID", arity = "0..*", description = "The ids of the assets, up to 1000.")
    List<String> ids = new ArrayList<>();

    @Option(names = "--all", description = "All assets that are READY and may be changed with the key.")
    boolean all;

    @Option(
            names = "--space",
            paramLabel = "SPACE",
            split = ",",
            description = "All of product, user or marketing; several with commas.")
    List<String> spaces = new ArrayList<>();

    @Option(
            names = "--sku-prefix",
            paramLabel = "TEXT",
            description = "With --all or --space: only those whose upload named an article that begins so.")
    @Nullable
    String skuPrefix;

    @Option(
            names = "--created-after",
            paramLabel = "INSTANT",
            description =
                    "With --all or --space: only those created at an instant such as 2026-01-31T00:00:00Z, or later.")
    @Nullable
    String createdAfter;

    @Option(
            names = "--created-before",
            paramLabel = "INSTANT",
            description = "With --all or --space: only those created before an instant.")
    @Nullable
    String createdBefore;

    @Option(names = "--dry-run", description = "Only tells what would be made and removed, and how many bytes that is.")
    boolean dryRun;

    @Option(names = "--detach", description = "Ends as soon as the server has begun.")
    boolean detach;

    @Option(
            names = "--rate",
            paramLabel = "N/min",
            description = "At most so many assets a minute, 1 to 60000. Default: as many as other work leaves room for")
    @Nullable
    String rate;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "At most so many jobs in the queue at a time, 1 to 1000. Default: what the server says")
    @Nullable
    Integer inFlight;

    @Mixin
    Watch watch = new Watch();

    @Mixin
    Output output = new Output();

    @Mixin
    ClientOptions client = new ClientOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        requireUsage();
        Map<String, Object> order = order();
        try (ApiClient api = client.connect()) {
            if (dryRun) {
                JsonNode forecast = api.post("/v1/backfills", order);
                return output.print(forecast, BackfillText.forecast(forecast));
            }
            // Not repeated by itself: a second backfill would find the first one's work.
            JsonNode backfill = api.postOnce("/v1/backfills", order);
            if (!detach) {
                return watch.run(BACKFILL, api, backfill, output);
            }
            if (!output.json) {
                output.err().println(BACKFILL.goesOn(backfill.path("id").asString()));
            }
            return output.print(backfill, BACKFILL.details(backfill));
        }
    }

    private void requireUsage() {
        boolean isQuery = all || !spaces.isEmpty();
        require(isQuery == ids.isEmpty(), "name the ids of assets, or give --all or --space.");
        require(
                isQuery || (skuPrefix == null && createdAfter == null && createdBefore == null),
                "--sku-prefix, --created-after and --created-before go with --all or --space.");
        require(rate == null || RATE.matcher(rate).matches(), "--rate must be 1/min to 60000/min, not " + rate + ".");
        require(
                inFlight == null || (inFlight >= 1 && inFlight <= 1000),
                "--in-flight must be 1 to 1000, not " + inFlight + ".");
        require(!dryRun || !detach, "--dry-run and --detach exclude each other.");
        watch.requireUsage();
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new CliException(ExitCode.USAGE, message);
        }
    }

    private Map<String, Object> order() {
        Matcher perMinute = RATE.matcher(rate == null ? "" : rate);
        return new Given()
                .with("dryRun", dryRun)
                .with("assets", ids)
                .with("spaces", spaces)
                .with("skuPrefix", skuPrefix)
                .with("createdAfter", createdAfter)
                .with("createdBefore", createdBefore)
                .with("inFlight", inFlight)
                .with("perMinute", perMinute.matches() ? Integer.valueOf(perMinute.group(1)) : null)
                .body();
    }
}
