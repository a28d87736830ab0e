package dev.safelight.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// Shows how a purge goes on until it is over. It goes on without being watched.
final class PurgeWatch {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int WIDTH = 100;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Stops waiting after so long; the purge goes on. Default: as long as it takes")
    @Nullable
    Integer timeout;

    @Option(names = "--no-progress", description = "Shows no progress bar; there is none when stderr is no terminal.")
    boolean noProgress;

    @Option(names = "--json", description = "Prints the purge as the API gives it.")
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
    int run(ApiClient api, JsonNode purge) throws IOException, InterruptedException {
        String id = purge.path("id").asString();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> tellThatItGoesOn(id)));
        JsonNode last;
        try {
            last = isBarShown() ? watchWithBar(api, purge) : watch(api, purge, state -> {});
        } finally {
            over.set(true);
        }
        print(last);
        if (!isOver(last)) {
            spec.commandLine().getErr().println("safelight: not over after %d s. %s".formatted(timeout, goesOn(id)));
            return ExitCode.NOT_AS_IT_SHOULD;
        }
        return last.path("state").asString().equals("DONE") ? ExitCode.OK : ExitCode.NOT_AS_IT_SHOULD;
    }

    void print(JsonNode purge) {
        spec.commandLine().getOut().println(json ? Json.MAPPER.writeValueAsString(purge) : PurgeText.details(purge));
    }

    private boolean isBarShown() {
        return !noProgress && !json && Terminal.showsProgress();
    }

    private JsonNode watchWithBar(ApiClient api, JsonNode purge) throws IOException, InterruptedException {
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("Purging")
                .setInitialMax(Math.max(1, PurgeText.total(purge)))
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(100)
                .hideEta()
                .setConsumer(new ConsoleProgressBarConsumer(new PrintStream(System.err, true), WIDTH))
                .build()) {
            return watch(api, purge, state -> bar.stepTo(PurgeText.ended(state)));
        }
    }

    private JsonNode watch(ApiClient api, JsonNode purge, Consumer<JsonNode> listener)
            throws IOException, InterruptedException {
        long started = System.nanoTime();
        JsonNode state = purge;
        listener.accept(state);
        while (!isOver(state) && !isLate(started)) {
            Thread.sleep(POLL);
            state = api.get(path(purge.path("id").asString()));
            listener.accept(state);
        }
        return state;
    }

    private boolean isLate(long started) {
        return timeout != null
                && System.nanoTime() - started > Duration.ofSeconds(timeout).toNanos();
    }

    private static boolean isOver(JsonNode purge) {
        return !purge.path("state").asString().equals("RUNNING");
    }

    static String path(String id) {
        return "/v1/purges/" + ApiClient.encode(id);
    }

    private static String goesOn(String id) {
        return "The server goes on. Look again with: safelight purge watch " + id;
    }

    private void tellThatItGoesOn(String id) {
        if (!over.get()) {
            System.err.println();
            System.err.println("safelight: " + goesOn(id));
        }
    }
}
