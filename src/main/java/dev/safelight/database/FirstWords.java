package dev.safelight.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What PostgreSQL says while its data are made: kept apart from them, as their disk may be what is full.
final class FirstWords implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FirstWords.class);

    /// Of the end, where the reason is.
    private static final int LINES = 4;

    private final Path file;

    FirstWords() throws IOException {
        file = Files.createTempFile("safelight-postgres", ".log");
    }

    ProcessBuilder.Redirect redirect() {
        return ProcessBuilder.Redirect.appendTo(file.toFile());
    }

    /// The last lines, as one; empty when there are none.
    String read() {
        try {
            // Not all of it need be UTF-8: it names files.
            List<String> lines = Files.readString(file, StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return String.join(" ", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        } catch (IOException | UncheckedIOException unreadable) {
            log.warn("What PostgreSQL said cannot be read: {}", unreadable.toString());
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        Files.delete(file);
    }
}
