package dev.safelight.cli;

import java.io.PrintWriter;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// How a command prints what the API answered: as it is, or as people read it.
final class Output {
    @Option(names = "--json", description = "Prints JSON, as the API gives it.")
    boolean json;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /// @param text the answer for people
    /// @return the exit code of a command that is through with this
    int print(Object answer, String text) {
        out().println(json ? Json.MAPPER.writeValueAsString(answer) : text);
        return ExitCode.OK;
    }

    /// One page of a list, and how to see the next one.
    ///
    /// @param list the field with the entries
    /// @param line an entry for people
    /// @return the exit code of a command that is through with this
    int printPage(JsonNode page, String list, Function<JsonNode, String> line) {
        if (json) {
            return print(page, "");
        }
        page.path(list).forEach(entry -> out().println(line.apply(entry)));
        String next = Json.textOrNull(page, "nextCursor");
        if (next != null) {
            err().println("More with: --cursor " + next);
        }
        return ExitCode.OK;
    }
}
