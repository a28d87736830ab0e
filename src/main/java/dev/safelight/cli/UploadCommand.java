package dev.safelight.cli;

import dev.safelight.cli.FileUpload.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `safelight upload`: sends files and waits until they are processed.
@Command(
        name = "upload",
        description = "Uploads files straight to the object store and waits until they are READY or refused.")
final class UploadCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", arity = "1..*", description = "The files to upload.")
    List<Path> files = new ArrayList<>();

    @Option(
            names = "--space",
            defaultValue = "product",
            description = "product, user or marketing. Default: ${DEFAULT-VALUE}")
    String space = "product";

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "4",
            description = "Files on their way at a time, 1 to 32. Default: ${DEFAULT-VALUE}")
    int parallel = 4;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "How long to wait for a file to be processed. Default: ${DEFAULT-VALUE}")
    int timeout = 300;

    @Option(names = "--json", description = "Prints {\"assets\":[…]} instead of lines.")
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
        if (parallel < 1 || parallel > 32) {
            throw new CliException(ExitCode.USAGE, "--parallel must be 1 to 32, not " + parallel + ".");
        }
        if (timeout < 1) {
            throw new CliException(ExitCode.USAGE, "--timeout must be at least 1 second.");
        }
        List<Outcome> outcomes;
        try (ApiClient api = client.connect()) {
            FileUpload upload = new FileUpload(api, space, Duration.ofSeconds(timeout));
            outcomes = new UploadBatch(upload, parallel, Terminal.showsProgress() && !noProgress).run(files);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.MAPPER.writeValueAsString(Map.of("assets", outcomes)));
        } else {
            outcomes.forEach(outcome -> out.println(line(outcome)));
        }
        return outcomes.stream().allMatch(Outcome::isReady) ? ExitCode.OK : ExitCode.NOT_AS_IT_SHOULD;
    }

    static String line(Outcome outcome) {
        String id = outcome.assetId() == null ? "-" : outcome.assetId();
        String why = outcome.reason() == null ? "" : " (%s) %s".formatted(outcome.reason(), outcome.detail());
        // A name may hold line breaks and terminal controls, which must not act on the screen.
        String name = outcome.file().replaceAll("\\p{Cntrl}", "?");
        return "%s  %s  %s%s".formatted(id, outcome.status(), name, why);
    }
}
