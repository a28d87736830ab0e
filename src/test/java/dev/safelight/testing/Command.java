package dev.safelight.testing;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A command of the packaged jar that has run to its end.
///
/// @param took from start to end
public record Command(int exitCode, String out, String err, Duration took) {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    public static Command run(String... arguments) {
        return run(Map.of(), arguments);
    }

    /// @param environment variables beside the inherited ones
    public static Command run(Map<String, String> environment, String... arguments) {
        long started = System.nanoTime();
        try {
            Path out = Files.createTempFile("safelight-command", ".out");
            Path err = Files.createTempFile("safelight-command", ".err");
            try {
                int exitCode = await(PackagedJar.process(List.of(arguments), environment)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start());
                return new Command(
                        exitCode,
                        Files.readString(out, StandardCharsets.UTF_8),
                        Files.readString(err, StandardCharsets.UTF_8),
                        Duration.ofNanos(System.nanoTime() - started));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static int await(Process process) throws InterruptedException {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                fail("the command did not end within " + PATIENCE);
            }
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    /// All that it printed on stdout, which must be one JSON document and nothing else.
    public JsonNode json() {
        return JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build()
                .readTree(out);
    }

    /// The lines that were written for the user: on stderr and not by the log.
    public List<String> messages() {
        return err.lines().filter(line -> line.startsWith("safelight: ")).toList();
    }
}
