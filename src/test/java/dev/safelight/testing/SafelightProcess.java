package dev.safelight.testing;

import static org.assertj.core.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A server of the packaged jar in a process of its own, which can be told to stop or be killed.
///
/// What it logs is appended to a file beside its data folder; [ShowServerLog] prints the end of it when a test fails.
public final class SafelightProcess implements AutoCloseable {
    private static final String READY = "Safelight is ready at ";
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration STOP = Duration.ofSeconds(40);

    private final Process process;
    private final Path data;
    private final Path log;
    private final CompletableFuture<URI> ready = new CompletableFuture<>();

    private SafelightProcess(Process process, Path data, Path log) {
        this.process = process;
        this.data = data;
        this.log = log;
        Thread.ofPlatform().daemon().name("stdout-of-" + process.pid()).start(this::readOutput);
    }

    /// Starts a server and waits until it is ready.
    ///
    /// @param arguments beside `serve --data DIR`; without a port it takes a free one
    public static SafelightProcess serve(Path data, String... arguments) {
        return serve(data, Map.of(), arguments);
    }

    public static SafelightProcess serve(Path data, Map<String, String> environment, String... arguments) {
        SafelightProcess server = launch(data, environment, arguments);
        try {
            server.awaitReady();
            return server;
        } catch (Throwable failed) {
            server.close();
            throw failed;
        }
    }

    /// Starts a server without waiting for it.
    public static SafelightProcess launch(Path data, Map<String, String> environment, String... arguments) {
        Path folder = data.toAbsolutePath();
        Path log = folder.resolveSibling(folder.getFileName() + ".log");
        ShowServerLog.register(log);
        List<String> command = new ArrayList<>(List.of("serve", "--data", folder.toString()));
        command.addAll(List.of(arguments));
        if (!command.contains("--port")) {
            command.addAll(List.of("--port", "0"));
        }
        try {
            Process process = PackagedJar.process(command, environment)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return new SafelightProcess(process, folder, log);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void readOutput() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            out.lines()
                    .filter(line -> line.startsWith(READY))
                    .forEach(line -> ready.complete(URI.create(line.substring(READY.length()))));
        } catch (IOException | UncheckedIOException cut) {
            // The process ended, which is what the next line tells.
        }
        ready.completeExceptionally(new IllegalStateException("the server ended before it was ready"));
    }

    private void awaitReady() {
        try {
            ready.get(START.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failed) {
            fail("no server on " + data + ": " + failed, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    public URI url() {
        return ready.join();
    }

    public Path data() {
        return data;
    }

    public long pid() {
        return process.pid();
    }

    /// What the first start wrote down for the operator.
    public String adminKey() {
        return read(data.resolve("admin.key")).strip();
    }

    public String runFile() {
        return read(data.resolve("run.json"));
    }

    public String log() {
        return read(log);
    }

    public DataFolderDatabase database() {
        return new DataFolderDatabase(data);
    }

    /// A client with the admin key.
    public ApiUser admin() {
        return new ApiUser(url(), adminKey());
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// Tells it to end in order, and waits until it has.
    ///
    /// @return its exit code
    public int stop() {
        // Not Process.destroy: that would close the pipe it may still write to.
        process.toHandle().destroy();
        return awaitEnd(STOP);
    }

    /// Ends the process as kill -9 does. The PostgreSQL that it started lives on.
    public void kill() {
        process.toHandle().destroyForcibly();
        awaitEnd(STOP);
    }

    /// Waits for an end that comes by itself.
    public int awaitEnd(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                fail("the server " + process.pid() + " still runs after " + patience);
            }
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /// Leaves no process behind, whatever state the test ended in.
    @Override
    public void close() {
        try {
            if (process.isAlive()) {
                stop();
            }
        } finally {
            process.destroyForcibly();
            database().kill();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
