package dev.safelight.cli;

import dev.safelight.store.embedded.RekeyFiles;
import dev.safelight.store.encryption.EncryptionKeys;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `safelight rekey`: brings the objects of an embedded store to the key that writes, while no server runs on it.
@Command(
        name = "rekey",
        description = {
            "Encrypts the objects of an embedded store with the key that writes, whatever they were encrypted with.",
            "The server must be stopped. It may be killed and run again at any time."
        })
final class RekeyCommand implements Callable<Integer> {
    private static final String VARIABLE = "SAFELIGHT_EMBEDDED_ENCRYPTION_";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "The data folder. Default: ${DEFAULT-VALUE}")
    Path data = Path.of("data");

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "The file of keys, all that are in use. Default: $" + VARIABLE + "KEY_FILE, or the keys in $"
                    + VARIABLE + "KEYS")
    @Nullable
    Path keyFile;

    @Option(
            names = "--write-with",
            paramLabel = "ID",
            description = "The key to encrypt with; none to decrypt all. Default: $" + VARIABLE
                    + "WRITE_WITH, or the first key")
    @Nullable
    String writeWith;

    @Option(names = "--count", description = "Changes nothing; prints how many objects need which key.")
    boolean count;

    @Option(names = "--json", description = "Prints JSON.")
    boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Path store = data.toAbsolutePath().normalize().resolve("store");
        if (!RekeyFiles.isStore(store)) {
            throw new CliException(
                    ExitCode.USAGE, "there is no embedded store in %s. Name its folder with --data.".formatted(data));
        }
        if (count) {
            return print(RekeyFiles.count(store));
        }
        EncryptionKeys keys = keys();
        try (DataFolder folder = new DataFolder(data)) {
            folder.acquire();
            RekeyFiles files = RekeyFiles.open(store, keys);
            return run(files, RekeyFiles.count(store), keys);
        }
    }

    private EncryptionKeys keys() {
        String file = System.getenv(VARIABLE + "KEY_FILE");
        Path named = keyFile == null && file != null ? Path.of(file) : keyFile;
        String listed = keyFile == null ? System.getenv(VARIABLE + "KEYS") : null;
        String writer = writeWith == null ? System.getenv(VARIABLE + "WRITE_WITH") : writeWith;
        EncryptionKeys keys = EncryptionKeys.read("safelight.embedded.encryption.", named, listed, writer);
        if (keys.ids().isEmpty()) {
            throw new CliException(ExitCode.USAGE, "no keys are given. Name their file with --key-file.");
        }
        return keys;
    }

    private int run(RekeyFiles files, RekeyFiles.Count before, EncryptionKeys keys) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        RekeyFiles.Outcome outcome;
        try (Progress progress = new Progress(before.bytes(), err)) {
            outcome = files.run(progress);
        }
        String writer = keys.writer().orElse(EncryptionKeys.NOTHING);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.MAPPER.writeValueAsString(
                    Map.of("key", writer, "changed", outcome.changed(), "failed", outcome.failed())));
        } else {
            out.printf(
                    "%d objects changed, %d failed; the key is '%s'.%n", outcome.changed(), outcome.failed(), writer);
        }
        return outcome.failed() == 0 ? ExitCode.OK : ExitCode.NOT_AS_IT_SHOULD;
    }

    private int print(RekeyFiles.Count found) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.MAPPER.writeValueAsString(found));
        } else {
            found.files().forEach((key, number) -> out.printf("%10d  %s%n", number, key));
            if (found.unreadable() > 0) {
                out.printf("%10d  unreadable%n", found.unreadable());
            }
        }
        return found.unreadable() == 0 ? ExitCode.OK : ExitCode.NOT_AS_IT_SHOULD;
    }

    /// A bar where there is a terminal, and a line for each file that was left as it is.
    private static final class Progress implements RekeyFiles.Listener, AutoCloseable {
        private final PrintWriter err;
        private final @Nullable ProgressBar bar;

        Progress(long bytes, PrintWriter err) {
            this.err = err;
            this.bar = !Terminal.showsProgress()
                    ? null
                    : new ProgressBarBuilder()
                            .setTaskName("Encrypting")
                            .setInitialMax(bytes)
                            .setUnit(" MB", 1_000_000)
                            .showSpeed()
                            .setStyle(ProgressBarStyle.ASCII)
                            .setUpdateIntervalMillis(200)
                            .setConsumer(new ConsoleProgressBarConsumer(System.err, 100))
                            .build();
        }

        @Override
        public void done(long bytes) {
            if (bar != null) {
                bar.stepBy(bytes);
            }
        }

        @Override
        public void failed(String name, String why) {
            err.println(why.startsWith(name) ? why : name + ": " + why);
        }

        @Override
        public void close() {
            if (bar != null) {
                bar.close();
            }
        }
    }
}
