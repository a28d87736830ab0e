package dev.safelight.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// Shows how a backfill goes on until it is over. It goes on without being watched.
final class BackfillWatch {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int WIDTH = 100;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Stops watching after so long; the backfill goes on. Default: as long as it takes")
    @Nullable
    Integer timeout;

    @Option(names = "--no-progress", description = "Shows no progress bar; there is none when stderr is no terminal.")
    boolean noProgress;

    @Option(names = "--json", description = "Prints the backfill as the API gives it.")
    boolean json;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    private final AtomicBoolean over = new AtomicBoolean();

    void requireUsage() {
        if (timeout != null && timeout < 1) {
            throw new CliException(ExitCode.USAGE, "--timeout must be at least 1 second.");
        }
    }

    /// Watches it to its end and tells that.
    ///
    /// @return the exit code
    int run(ApiClient api, JsonNode backfill) throws IOException, InterruptedException {
        String id = backfill.path("id").asString();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> tellThatItGoesOn(id)));
        JsonNode last;
        try {
            last = isBarShown() ? watchWithBar(api, backfill) : watch(api, backfill, state -> {});
        } finally {
            over.set(true);
        }
        print(last);
        if (!isOver(last)) {
            spec.commandLine().getErr().println("safelight: not over after %d s. %s".formatted(timeout, goesOn(id)));
            return ExitCode.NOT_AS_IT_SHOULD;
        }
        boolean isFine = last.path("state").asString().equals("DONE")
                && last.path("failed").asLong() == 0;
        return isFine ? ExitCode.OK : ExitCode.NOT_AS_IT_SHOULD;
    }

    void print(JsonNode backfill) {
        spec.commandLine()
                .getOut()
                .println(json ? Json.MAPPER.writeValueAsString(backfill) : BackfillText.details(backfill));
    }

    private boolean isBarShown() {
        return !noProgress && !json && Terminal.showsProgress();
    }

    private JsonNode watchWithBar(ApiClient api, JsonNode backfill) throws IOException, InterruptedException {
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("Reprocessing")
                .setInitialMax(Math.max(1, backfill.path("total").asLong()))
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(100)
                .hideEta()
                .setConsumer(new ConsoleProgressBarConsumer(new PrintStream(System.err, true), WIDTH))
                .build()) {
            return watch(api, backfill, state -> {
                bar.stepTo(Math.round(bar.getMax() * state.path("progress").asDouble()));
                String pace = BackfillText.pace(state);
                bar.setExtraMessage(" " + (pace.isEmpty() ? state.path("state").asString() : pace));
            });
        }
    }

    private JsonNode watch(ApiClient api, JsonNode backfill, Listener listener)
            throws IOException, InterruptedException {
        long started = System.nanoTime();
        JsonNode state = backfill;
        listener.onState(state);
        while (!isOver(state) && !isLate(started)) {
            Thread.sleep(POLL);
            state = api.get(path(backfill.path("id").asString()));
            listener.onState(state);
        }
        return state;
    }

    private boolean isLate(long started) {
        return timeout != null
                && System.nanoTime() - started > Duration.ofSeconds(timeout).toNanos();
    }

    /// What runs when it is cancelled still ends.
    private static boolean isOver(JsonNode backfill) {
        String state = backfill.path("state").asString();
        return state.equals("DONE")
                || (state.equals("CANCELLED") && backfill.path("waiting").asInt() == 0);
    }

    static String path(String id) {
        return "/v1/backfills/" + ApiClient.encode(id);
    }

    static String goesOn(String id) {
        return "The server goes on. Look again, pause or cancel with: safelight backfill watch|pause|cancel " + id;
    }

    private void tellThatItGoesOn(String id) {
        if (!over.get()) {
            System.err.println();
            System.err.println("safelight: " + goesOn(id));
        }
    }

    /// Is told of each state.
    private interface Listener {
        void onState(JsonNode backfill);
    }
}
