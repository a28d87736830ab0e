package dev.safelight.cli;

import dev.safelight.backup.Manifest;
import dev.safelight.backup.Restore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `safelight restore`: makes a data folder of a backup.
@Command(
        name = "restore",
        description = "Makes a new data folder of a backup, on which a server can be started. All of it, or nothing.")
final class RestoreCommand implements Callable<Integer> {
    @Parameters(paramLabel = "BACKUP", description = "The folder of the backup.")
    Path backup = Path.of("");

    @Option(
            names = "--data",
            paramLabel = "DIR",
            required = true,
            description = "The data folder to make; one that exists must be empty.")
    Path data = Path.of("");

    @Option(names = "--no-progress", description = "Shows no progress bar; there is none when stderr is no terminal.")
    boolean noProgress;

    @Option(names = "--json", description = "Prints what was restored as JSON.")
    boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        QuietLog.begin();
        Restore.requireEmpty(data);
        boolean existed = Files.exists(data);
        DataFolder folder = new DataFolder(data);
        try (folder;
                CopyProgress progress = CopyProgress.of("Copying", !noProgress && !json)) {
            folder.acquireToRestore();
            print(new Restore(folder.path(), progress).run(backup));
            return ExitCode.OK;
        } catch (IOException | InterruptedException | RuntimeException failed) {
            if (!existed) {
                removeMade(folder.path(), failed);
            }
            throw failed;
        }
    }

    /// A failure of this must not hide why it is done.
    private static void removeMade(Path folder, Exception why) {
        try {
            Files.deleteIfExists(folder.resolve("lock"));
            Files.deleteIfExists(folder);
        } catch (IOException left) {
            why.addSuppressed(left);
        }
    }

    private void print(Manifest manifest) {
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.MAPPER.writeValueAsString(BackupCommand.summary("data", data, manifest)));
        } else {
            out.printf(
                    "Restored %s of %s. Start a server with: safelight serve --data %s%n",
                    BackupCommand.size(manifest), manifest.createdAt(), data);
        }
    }
}
