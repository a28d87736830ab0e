package dev.safelight.cli;

import dev.safelight.backup.DataPlaces;
import dev.safelight.backup.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// The folder that holds all data of an embedded server, and the files by which clients find that server.
final class DataFolder implements AutoCloseable {
    private static final String RUN_FILE = "run.json";
    private static final String KEY_FILE = "admin.key";

    private final Path path;
    private @Nullable FileLock lock;

    DataFolder(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    Path path() {
        return path;
    }

    Path keyFile() {
        return path.resolve(KEY_FILE);
    }

    /// Creates the folder where it is missing, and keeps other servers out of it as long as this process
    /// lives.
    void acquire() {
        acquireToRestore();
        if (Files.exists(DataPlaces.restoring(path))) {
            throw new CliException(
                    ExitCode.REFUSED,
                    "a restore into the data folder %s was cut off. Run it again: safelight restore".formatted(path));
        }
    }

    /// The same where a restore may have been cut off.
    void acquireToRestore() {
        if (!tryAcquire()) {
            String where = readRun().map(run -> " at " + run.url()).orElse("");
            throw new CliException(
                    ExitCode.REFUSED,
                    "another Safelight%s uses the data folder %s. Stop it, or choose another folder with --data."
                            .formatted(where, path));
        }
    }

    /// @return false when another process has the folder
    boolean tryAcquire() {
        try {
            Files.createDirectories(path);
            FileChannel channel =
                    FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                return false;
            }
            Files.deleteIfExists(path.resolve(RUN_FILE));
            return true;
        } catch (FileAlreadyExistsException notAFolder) {
            throw new CliException(ExitCode.USAGE, path + " is not a folder. Choose another one with --data.");
        } catch (IOException failed) {
            throw new CliException(
                    ExitCode.UNREACHABLE,
                    "the data folder %s cannot be written: %s".formatted(path, Disk.reason(failed)));
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    /// Tells clients where the server is; the file is there as a whole or not at all.
    void writeRun(String url) throws IOException {
        Path fresh = path.resolve(RUN_FILE + ".new");
        Files.writeString(
                fresh,
                Json.MAPPER.writeValueAsString(
                        new Run(url, ProcessHandle.current().pid())));
        Files.move(fresh, path.resolve(RUN_FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    Optional<Run> readRun() {
        try {
            return Optional.of(Json.MAPPER.readValue(Files.readString(path.resolve(RUN_FILE)), Run.class));
        } catch (IOException | JacksonException absent) {
            return Optional.empty();
        }
    }

    /// The admin key that the first start created.
    Optional<String> readKey() throws IOException {
        try {
            return Optional.of(Files.readString(keyFile()).strip());
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        if (lock != null) {
            Files.deleteIfExists(path.resolve(RUN_FILE));
            lock.channel().close();
        }
    }

    /// Where a running server is.
    record Run(String url, long pid) {}
}
