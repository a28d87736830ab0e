package dev.safelight.database;

import dev.safelight.asset.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server process that a data folder belongs to, found by its pid file and stopped by signals.
///
/// A pid file alone is not believed: numbers are reused, and after a restart of the machine it may name anybody. Only a
/// process whose program is `postgres` and whose arguments or working directory name this folder is stopped.
final class PostgresProcess {
    private static final Logger log = LoggerFactory.getLogger(PostgresProcess.class);

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Path data;

    PostgresProcess(Path data) {
        this.data = data;
    }

    /// Stops the server if one runs, in good order if it can, and removes a pid file that has lost its process.
    void stop() throws IOException, InterruptedException {
        Optional<ProcessHandle> found = find();
        if (found.isPresent()) {
            ProcessHandle server = found.get();
            log.warn("Stopping the PostgreSQL server {} that still runs on {}", server.pid(), data);
            // Fast shutdown: connections end, data is written. Then immediate: the next start recovers from the log.
            if (!signal(server, "INT") && !signal(server, "QUIT")) {
                throw new Failure(
                        Failure.Kind.UNAVAILABLE,
                        "The PostgreSQL server " + server.pid() + " on " + data + " does not stop; end it by hand.");
            }
        }
        Files.deleteIfExists(pidFile());
    }

    private Optional<ProcessHandle> find() throws IOException {
        return pid().flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive).filter(this::isServerOfThisFolder);
    }

    private Optional<Long> pid() throws IOException {
        try {
            List<String> lines = Files.readAllLines(pidFile());
            return lines.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Long.parseLong(lines.getFirst().strip()));
        } catch (NoSuchFileException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private boolean isServerOfThisFolder(ProcessHandle process) {
        Path proc = Path.of("/proc", Long.toString(process.pid()));
        try {
            List<String> arguments =
                    List.of(Files.readString(proc.resolve("cmdline")).split("\0"));
            if (!Path.of(arguments.getFirst()).endsWith("postgres")) {
                return false;
            }
            // The working directory of a server is its data folder, unless a name space hides it from us.
            return arguments.contains(data.toString()) || Files.isSameFile(proc.resolve("cwd"), data);
        } catch (IOException e) {
            return false;
        }
    }

    private boolean signal(ProcessHandle server, String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(server.pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (status != 0 && server.isAlive()) {
            return false;
        }
        try {
            server.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IOException("cannot wait for the PostgreSQL server", e);
        }
    }

    private Path pidFile() {
        return data.resolve("postmaster.pid");
    }
}
