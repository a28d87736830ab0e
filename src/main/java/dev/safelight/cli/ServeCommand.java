package dev.safelight.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `safelight serve`: runs a server until it is told to stop.
@Command(
        name = "serve",
        description =
                "Runs a server with embedded PostgreSQL and object store, until it is stopped (SIGTERM or Ctrl-C).")
final class ServeCommand implements Callable<Integer> {
    @Mixin
    ServerOptions options = new ServerOptions();

    @Option(names = "--json", description = "Prints {\"url\",\"pid\"} as one line of JSON instead of a sentence.")
    boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        RunningServer server = RunningServer.start(options);
        server.closeAtExit();
        var out = spec.commandLine().getOut();
        if (json) {
            out.println("{\"url\":\"%s\",\"pid\":%d}"
                    .formatted(server.url(), ProcessHandle.current().pid()));
        } else {
            out.println("Safelight is ready at " + server.url());
        }
        out.flush();
        new CountDownLatch(1).await();
        return ExitCode.OK;
    }
}
