package dev.safelight.cli.bulk;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Whole lines of a file, with the place of their ends: what is behind the last line break was torn and is no line.
final class LineReader implements AutoCloseable {
    private final InputStream in;
    private long position;

    LineReader(Path file) throws IOException {
        in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    }

    @Nullable
    String next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        for (int one = in.read(); one >= 0; one = in.read()) {
            if (one == '\n') {
                position += line.size() + 1;
                return line.toString(StandardCharsets.UTF_8);
            }
            line.write(one);
        }
        return null;
    }

    /// How many bytes the lines so far have, line breaks included.
    long position() {
        return position;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
