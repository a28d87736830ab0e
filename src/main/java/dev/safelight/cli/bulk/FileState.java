package dev.safelight.cli.bulk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/// What tells without reading a file that it is still the same.
///
/// @param modified nanoseconds since 1970
record FileState(long bytes, long modified) {

    static FileState of(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new IOException("it is no regular file.");
        }
        return new FileState(attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
    }

    boolean isStillOf(Path file) {
        try {
            return of(file).equals(this);
        } catch (IOException gone) {
            return false;
        }
    }
}
