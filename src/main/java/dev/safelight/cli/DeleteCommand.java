package dev.safelight.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `safelight asset delete ID…`.
@Command(
        name = "delete",
        description = {
            "Deletes assets: nothing of them is delivered any more.",
            "They can be restored until the server's retention is over. Deleting one again is no error."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:All are deleted.",
            "1:Some are not, or the question was answered with no.",
            "2:The command line is wrong, or there is nobody to be asked and no --yes.",
            "3:The server cannot be reached.",
            "4:The server refuses the key."
        })
final class DeleteCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", arity = "1..*", description = "The ids of the assets.")
    List<String> ids = List.of();

    @Option(names = "--yes", description = "Deletes without asking.")
    boolean yes;

    @Option(names = "--json", description = "Prints what became of each as JSON.")
    boolean json;

    @Mixin
    ClientOptions client = new ClientOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!yes && !isWanted()) {
            spec.commandLine().getErr().println("Nothing was deleted.");
            return ExitCode.NOT_AS_IT_SHOULD;
        }
        try (ApiClient api = client.connect()) {
            return new EachAsset("deleted", id -> api.delete("/v1/assets/" + ApiClient.encode(id)))
                    .run(ids, json, spec.commandLine());
        }
    }

    private boolean isWanted() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        err.print(
                ids.size() == 1
                        ? "Delete %s? [y/N] ".formatted(ids.getFirst())
                        : "Delete %d assets? [y/N] ".formatted(ids.size()));
        err.flush();
        // Not closed: it is the process's own.
        String answer = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
        if (answer == null) {
            err.println();
            throw new CliException(ExitCode.USAGE, "there is nobody to be asked: say --yes.");
        }
        return List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
    }
}
