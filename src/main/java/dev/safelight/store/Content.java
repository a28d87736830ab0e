package dev.safelight.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Bytes to be stored, of known length and readable more than once, so that a failed transfer can be repeated.
public sealed interface Content {
    long length() throws IOException;

    InputStream open() throws IOException;

    /// Bytes in memory.
    record Bytes(byte[] bytes) implements Content {
        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }
    }

    /// A file, which must not change while it is stored.
    record File(Path path) implements Content {
        @Override
        public long length() throws IOException {
            return Files.size(path);
        }

        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(path);
        }
    }
}
