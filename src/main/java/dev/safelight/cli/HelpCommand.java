package dev.safelight.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `safelight help`: explains a command, at any depth, as its option `--help` does.
@Command(name = "help", description = "Explains a command and its options: help key create.")
final class HelpCommand implements Callable<Integer> {
    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "The command, word by word.")
    List<String> words = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine found = spec.root().commandLine();
        for (String word : words) {
            CommandLine next = found.getSubcommands().get(word);
            if (next == null) {
                String known = found.getSubcommands().isEmpty()
                        ? "it has no commands of its own"
                        : "there are "
                                + String.join(", ", found.getSubcommands().keySet());
                throw new CliException(
                        ExitCode.USAGE,
                        "\"%s\" has no command \"%s\"; %s."
                                .formatted(
                                        found.getCommandSpec().qualifiedName(),
                                        word.replaceAll("\\p{Cntrl}", "?"),
                                        known));
            }
            found = next;
        }
        found.usage(spec.commandLine().getOut());
        return ExitCode.OK;
    }

    /// Gives a command and all below it the option `--help`.
    static CommandLine addOption(CommandLine command) {
        command.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Shows this help.")
                        .build());
        command.getSubcommands().values().forEach(HelpCommand::addOption);
        return command;
    }
}
