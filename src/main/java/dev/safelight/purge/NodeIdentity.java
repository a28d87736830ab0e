package dev.safelight.purge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/// The name of a folder with caches, kept within it: what is left there by one process is what the next one
/// finds.
final class NodeIdentity {
    private static final String FILE = "node-id";

    private final Path file;

    /// @param folder that this process has for itself
    NodeIdentity(Path folder) {
        this.file = folder.resolve(FILE);
    }

    /// The id that is there, else a new one.
    UUID read() throws IOException {
        try {
            return UUID.fromString(Files.readString(file).strip());
        } catch (NoSuchFileException | IllegalArgumentException none) {
            return renew();
        }
    }

    /// Another one from now on.
    UUID renew() throws IOException {
        UUID id = UUID.randomUUID();
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path temporary = file.resolveSibling(FILE + ".new");
        Files.writeString(temporary, id + "\n");
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return id;
    }
}
