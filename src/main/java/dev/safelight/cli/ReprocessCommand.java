package dev.safelight.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `safelight asset reprocess`: brings assets to the profile of now after it was changed.
@Command(
        name = "reprocess",
        description = "Makes what a changed profile asks for again, and only that; what is served stays until then.")
final class ReprocessCommand implements Callable<Integer> {
    private static final int PAGE = 200;
    private static final Duration POLL = Duration.ofMillis(300);

    @Parameters(paramLabel = "ID", arity = "0..*", description = "The ids of the assets.")
    List<String> ids = new ArrayList<>();

    @Option(names = "--all", description = "All assets that are READY and may be changed with the key.")
    boolean all;

    @Option(names = "--space", description = "With --all: only those of product, user or marketing.")
    @Nullable
    String space;

    @Option(names = "--dry-run", description = "Only tells what would be made and removed, and how many bytes that is.")
    boolean dryRun;

    @Option(names = "--no-wait", description = "Ends as soon as the server knows what to do.")
    boolean noWait;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "3600",
            description = "How long to wait for all of it. Default: ${DEFAULT-VALUE}")
    int timeout = 3600;

    @Option(names = "--json", description = "Prints counts and bytes as JSON.")
    boolean json;

    @Option(names = "--no-progress", description = "Shows no progress bar; there is none when stderr is no terminal.")
    boolean noProgress;

    @Mixin
    ClientOptions client = new ClientOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        requireUsage();
        Totals totals = new Totals();
        List<String> failed = List.of();
        try (ApiClient api = client.connect()) {
            if (all) {
                orderAll(api, totals);
            } else {
                order(api, totals);
            }
            if (!dryRun && !noWait) {
                failed = await(api, totals.changed);
            }
        }
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.MAPPER.writeValueAsString(totals.json(dryRun, failed)));
        } else {
            out.println(totals.text(dryRun ? "Would make" : noWait ? "Will make" : "Made"));
            failed.forEach(id -> out.println("Not done: " + id + "; it is served as it was. See GET /v1/jobs/dead"));
        }
        return failed.isEmpty() ? ExitCode.OK : ExitCode.NOT_AS_IT_SHOULD;
    }

    private void requireUsage() {
        if (all != ids.isEmpty()) {
            throw new CliException(ExitCode.USAGE, "name the ids of assets, or give --all.");
        }
        if (space != null && !all) {
            throw new CliException(ExitCode.USAGE, "--space goes with --all.");
        }
        if (timeout < 1) {
            throw new CliException(ExitCode.USAGE, "--timeout must be at least 1 second.");
        }
    }

    private void orderAll(ApiClient api, Totals totals) throws IOException, InterruptedException {
        String cursor = null;
        do {
            Map<String, Object> order = new LinkedHashMap<>(Map.of("dryRun", dryRun, "limit", PAGE));
            if (space != null) {
                order.put("space", space);
            }
            if (cursor != null) {
                order.put("cursor", cursor);
            }
            JsonNode page = api.post("/v1/reprocess", order);
            totals.add(page, page.path("examined").asInt());
            page.path("changes")
                    .forEach(one -> totals.changed.add(one.path("id").asString()));
            cursor = Json.textOrNull(page, "nextCursor");
        } while (cursor != null);
    }

    // Looks at all before it changes the first, so that a wrong id leaves nothing half done.
    private void order(ApiClient api, Totals totals) throws IOException, InterruptedException {
        for (String id : ids) {
            JsonNode plan = order(api, id, true);
            totals.add(plan, 1);
            if (isNeeded(plan)) {
                totals.changed.add(id);
            }
        }
        if (!dryRun) {
            for (String id : totals.changed) {
                order(api, id, false);
            }
        }
    }

    private static JsonNode order(ApiClient api, String id, boolean dryRun) throws IOException, InterruptedException {
        return api.post("/v1/assets/" + ApiClient.encode(id) + "/reprocess", Map.of("dryRun", dryRun));
    }

    private static boolean isNeeded(JsonNode plan) {
        return plan.path("made").asInt() > 0 || plan.path("removed").asInt() > 0;
    }

    /// The ids of those that were not done.
    private List<String> await(ApiClient api, List<String> changed) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(timeout).toNanos();
        if (changed.isEmpty() || noProgress || !Terminal.showsProgress()) {
            return await(api, changed, deadline, () -> {});
        }
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("Reprocessing")
                .setInitialMax(changed.size())
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(100)
                .setConsumer(new ConsoleProgressBarConsumer(new PrintStream(System.err, true), 80))
                .build()) {
            return await(api, changed, deadline, bar::step);
        }
    }

    private static List<String> await(ApiClient api, List<String> changed, long deadline, Runnable onEach)
            throws IOException, InterruptedException {
        List<String> failed = new ArrayList<>();
        for (String id : changed) {
            JsonNode state = order(api, id, true);
            while (state.path("job").asString().equals("open") && System.nanoTime() - deadline < 0) {
                Thread.sleep(POLL);
                state = order(api, id, true);
            }
            if (isNeeded(state)) {
                failed.add(id);
            }
            onEach.run();
        }
        return failed;
    }

    /// The sum of what the server answered.
    private static final class Totals {
        private final List<String> changed = new ArrayList<>();
        private int examined;
        private int made;
        private int kept;
        private int unlisted;
        private int removed;
        private int addressesEnded;
        private long bytesToWrite;
        private long bytesFreed;

        void add(JsonNode plan, int assets) {
            examined += assets;
            made += plan.path("made").asInt();
            kept += plan.path("kept").asInt();
            unlisted += plan.path("unlisted").asInt();
            removed += plan.path("removed").asInt();
            addressesEnded += plan.path("addressesEnded").asInt();
            bytesToWrite += plan.path("bytesToWrite").asLong();
            bytesFreed += plan.path("bytesFreed").asLong();
        }

        String text(String verb) {
            String counts = "%s %d variants of %d of %d assets (about %s), keeping %d and removing %d; %s are freed."
                    .formatted(
                            verb,
                            made,
                            changed.size(),
                            examined,
                            AssetText.size(bytesToWrite),
                            kept,
                            removed,
                            AssetText.size(bytesFreed));
            String staying = unlisted == 0
                    ? ""
                    : "%nKept although the profile no longer lists them: %d; with safelight.image.prune they are removed."
                            .formatted(unlisted);
            String ended = addressesEnded == 0
                    ? ""
                    : "%nOf what is removed, %d had an address; their addresses end.".formatted(addressesEnded);
            return counts + staying + ended;
        }

        Map<String, Object> json(boolean dryRun, List<String> failed) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("dryRun", dryRun);
            fields.put("examined", examined);
            fields.put("assets", changed.size());
            fields.put("made", made);
            fields.put("kept", kept);
            fields.put("unlisted", unlisted);
            fields.put("removed", removed);
            fields.put("addressesEnded", addressesEnded);
            fields.put("bytesToWrite", bytesToWrite);
            fields.put("bytesFreed", bytesFreed);
            fields.put("failed", failed);
            return fields;
        }
    }
}
