package dev.safelight.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The entry point: `safelight COMMAND`.
@Command(
        name = "safelight",
        description = "A self-hosted media platform: direct uploads, responsive variants, fast delivery.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = false,
        subcommands = {
            ServeCommand.class,
            UploadCommand.class,
            AssetCommand.class,
            BackfillCommand.class,
            KeyCommand.class,
            OrphansCommand.class,
            PurgeCommand.class,
            UsageCommand.class,
            SessionCommand.class,
            AccessCommand.class,
            StorageCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            DemoCommand.class,
            DoctorCommand.class,
            RekeyCommand.class,
            VersionCommand.class,
            HelpCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Everything asked for was done.",
            "1:Something did not end as it should, such as a file that was rejected.",
            "2:The command line is wrong.",
            "3:The server, or something it needs, cannot be reached.",
            "4:Refused: by the server, for example for lack of a role, or because another server uses the folder.",
            "70:A defect in Safelight.",
            "130:Stopped by Ctrl-C."
        })
public final class Main {
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return HelpCommand.addOption(new CommandLine(new Main()))
                .setExecutionExceptionHandler(new ErrorReport())
                .setParameterExceptionHandler(ErrorReport::usage)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }
}
