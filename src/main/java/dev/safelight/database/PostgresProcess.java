package dev.safelight.database;

import dev.safelight.asset.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server process that a data folder belongs to, found by its pid file and stopped by signals.
///
/// A pid file alone is not believed: numbers are reused, and after a restart of the machine it may name anybody. Only a
/// process whose program is `postgres` and whose arguments or working directory name this folder is stopped.
final class PostgresProcess {
    private static final Logger log = LoggerFactory.getLogger(PostgresProcess.class);

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /// The line of the pid file in which a server says what it does.
    private static final int STATUS = 7;

    private final Path data;

    PostgresProcess(Path data) {
        this.data = data;
    }

    /// Stops the server if one runs, in good order if it can, and what survived of one that was killed.
    ///
    /// Its pid file is PostgreSQL's own lock and left to it, unless the number in it is now somebody else's.
    void stop() throws IOException, InterruptedException {
        Optional<ProcessHandle> found = find();
        if (found.isPresent()) {
            ProcessHandle server = found.get();
            log.warn("Stopping the PostgreSQL server {} that still runs on {}", server.pid(), data);
            // Fast shutdown: connections end, data is written. Then immediate: the next start recovers from the log.
            if (!end(List.of(server), Signal.INT) && !end(List.of(server), Signal.QUIT)) {
                throw doesNotStop(List.of(server));
            }
        }
        stopSurvivors();
        Optional<Long> pid = pid();
        if (pid.isEmpty()
                || pid.flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive).isPresent()) {
            Files.deleteIfExists(pidFile());
        }
    }

    /// Backends notice the death of their server only between two statements, and keep the next one from starting.
    private void stopSurvivors() throws IOException, InterruptedException {
        List<ProcessHandle> survivors = survivors();
        if (!survivors.isEmpty()) {
            log.warn("Ending {} processes of a PostgreSQL server that was killed on {}", survivors.size(), data);
            if (!end(survivors, Signal.TERM) && !end(survivors, Signal.QUIT)) {
                throw doesNotStop(survivors);
            }
        }
    }

    private List<ProcessHandle> survivors() {
        return ProcessHandle.allProcesses().filter(this::isOfThisFolder).toList();
    }

    private boolean isOfThisFolder(ProcessHandle process) {
        Path proc = Path.of("/proc", Long.toString(process.pid()));
        try {
            // A program that an update replaced is "postgres (deleted)".
            return Files.readSymbolicLink(proc.resolve("exe"))
                            .getFileName()
                            .toString()
                            .startsWith("postgres")
                    && Files.isSameFile(proc.resolve("cwd"), data);
        } catch (IOException e) {
            return false;
        }
    }

    private Failure doesNotStop(List<ProcessHandle> processes) {
        String pids = processes.stream()
                .filter(ProcessHandle::isAlive)
                .map(process -> Long.toString(process.pid()))
                .collect(Collectors.joining(", "));
        return new Failure(
                Failure.Kind.UNAVAILABLE,
                "The PostgreSQL processes " + pids + " on " + data + " do not stop; end them by hand.");
    }

    /// Whether the server is alive and still busy with its start, which includes recovery.
    boolean isStarting() throws IOException {
        if (find().isEmpty()) {
            return false;
        }
        List<String> lines = lines();
        return lines.size() <= STATUS || lines.get(STATUS).startsWith("starting");
    }

    private Optional<ProcessHandle> find() throws IOException {
        return pid().flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive).filter(this::isServerOfThisFolder);
    }

    private Optional<Long> pid() throws IOException {
        try {
            return lines().stream().findFirst().map(line -> Long.parseLong(line.strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private List<String> lines() throws IOException {
        try {
            return Files.readAllLines(pidFile());
        } catch (NoSuchFileException e) {
            return List.of();
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

    /// Whether all of them were gone in time.
    private static boolean end(List<ProcessHandle> processes, Signal signal) throws IOException, InterruptedException {
        for (ProcessHandle process : processes) {
            signal.send(process);
        }
        try {
            CompletableFuture.allOf(
                            processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
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
