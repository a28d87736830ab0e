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
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Shows how something goes on in the server until it is over. It goes on without being watched.
final class Watch {
    private static final int WIDTH = 100;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Stops watching after so long; the server goes on. Default: as long as it takes")
    @Nullable
    Integer timeout;

    @Option(names = "--no-progress", description = "Shows no progress bar; there is none when stderr is no terminal.")
    boolean noProgress;

    private final AtomicBoolean over = new AtomicBoolean();

    void requireUsage() {
        if (timeout != null && timeout < 1) {
            throw new CliException(ExitCode.USAGE, "--timeout must be at least 1 second.");
        }
    }

    /// Watches it to its end and tells that.
    ///
    /// @param begun its state
    /// @return the exit code
    int run(Watched what, ApiClient api, JsonNode begun, Output output) throws IOException, InterruptedException {
        String goesOn = what.goesOn(begun.path("id").asString());
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> tellThatItGoesOn(goesOn)));
        boolean isBarShown = !noProgress && !output.json && Terminal.showsProgress();
        JsonNode last;
        try {
            last = isBarShown ? watchWithBar(what, api, begun) : watch(what, api, begun, _ -> {});
        } finally {
            over.set(true);
        }
        output.print(last, what.details(last));
        if (!what.isOver(last)) {
            output.err().println("safelight: not over after %d s. %s".formatted(timeout, goesOn));
            return ExitCode.NOT_AS_IT_SHOULD;
        }
        return what.isFine(last) ? ExitCode.OK : ExitCode.NOT_AS_IT_SHOULD;
    }

    private JsonNode watchWithBar(Watched what, ApiClient api, JsonNode begun)
            throws IOException, InterruptedException {
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(what.task())
                .setInitialMax(Math.max(1, what.total(begun)))
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(100)
                .hideEta()
                .setConsumer(new ConsoleProgressBarConsumer(new PrintStream(System.err, true), WIDTH))
                .build()) {
            return watch(what, api, begun, state -> {
                bar.stepTo(Math.round(bar.getMax() * what.progress(state)));
                bar.setExtraMessage(" " + what.message(state));
            });
        }
    }

    private JsonNode watch(Watched what, ApiClient api, JsonNode begun, Consumer<JsonNode> listener)
            throws IOException, InterruptedException {
        long started = System.nanoTime();
        JsonNode state = begun;
        listener.accept(state);
        while (!what.isOver(state) && !isLate(started)) {
            Thread.sleep(what.poll());
            state = api.get(what.path(begun.path("id").asString()));
            listener.accept(state);
        }
        return state;
    }

    private boolean isLate(long started) {
        return timeout != null
                && System.nanoTime() - started > Duration.ofSeconds(timeout).toNanos();
    }

    private void tellThatItGoesOn(String goesOn) {
        if (!over.get()) {
            System.err.println();
            System.err.println("safelight: " + goesOn);
        }
    }
}
