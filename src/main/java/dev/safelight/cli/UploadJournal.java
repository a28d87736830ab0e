package dev.safelight.cli;

import dev.safelight.cli.bulk.Journal;
import dev.safelight.cli.bulk.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a run notes what it has done, to go on from there.
final class UploadJournal {
    private static final int NAME_LENGTH = 24;

    @Option(
            names = "--journal",
            paramLabel = "FILE",
            description = "Notes there what is done. Default: a file of this server, space and files in"
                    + " $XDG_STATE_HOME/safelight, else ~/.local/state/safelight")
    @Nullable
    Path journal;

    @Option(names = "--no-journal", description = "Notes nothing; what was uploaded is still not uploaded twice.")
    boolean noJournal;

    @Option(names = "--again", description = "Uploads all files as new ones, also those that were uploaded before.")
    boolean again;

    void requireUsage() {
        if (noJournal && (journal != null || again)) {
            throw new CliException(ExitCode.USAGE, "--no-journal goes neither with --journal nor with --again.");
        }
    }

    /// Null when none is wanted.
    @Nullable
    Journal open(URI server, String space, List<String> identity) throws IOException {
        if (noJournal) {
            return null;
        }
        Path file = journal == null ? standard(server, space, identity) : journal;
        try {
            return Journal.open(file, server.toString(), space, again);
        } catch (IllegalArgumentException unusable) {
            throw new CliException(ExitCode.REFUSED, String.valueOf(unusable.getMessage()));
        } catch (IOException failed) {
            throw new CliException(
                    ExitCode.USAGE,
                    "the journal %s cannot be written (%s); choose a place with --journal, or --no-journal."
                            .formatted(file, failed.getMessage()));
        }
    }

    private static Path standard(URI server, String space, List<String> identity) {
        String state = System.getenv("XDG_STATE_HOME");
        Path folder = state == null || state.isBlank()
                ? Path.of(System.getProperty("user.home"), ".local", "state")
                : Path.of(state);
        String name = Sha256.of(server + "\n" + space + "\n" + String.join("\n", identity));
        return folder.resolve("safelight").resolve("uploads").resolve(name.substring(0, NAME_LENGTH) + ".jsonl");
    }
}
