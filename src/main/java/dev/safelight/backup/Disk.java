package dev.safelight.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.safelight.asset.Failure;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/// Files and folders that only their owner can read, and that are on the disk when it matters.
public final class Disk {
    private static final FileAttribute<Set<PosixFilePermission>> OWNERS_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNERS_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private Disk() {}

    static void createFolders(Path folder) throws IOException {
        Files.createDirectories(folder, OWNERS_FOLDER);
    }

    /// A channel to a new file.
    static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNERS_FILE);
    }

    /// What writes the content of a file.
    @FunctionalInterface
    interface Content<X extends Exception> {
        void writeTo(OutputStream out) throws IOException, X;
    }

    /// Writes a new file, whole and synced when this returns.
    static <X extends Exception> void write(Path file, Content<X> content) throws IOException, X {
        try (FileChannel channel = create(file);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
            content.writeTo(out);
            out.flush();
            channel.force(true);
        }
    }

    static void write(Path file, String text) throws IOException {
        Disk.<IOException>write(file, out -> out.write(text.getBytes(UTF_8)));
    }

    static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Makes the names of all files below a folder durable.
    static void syncFolders(Path top) throws IOException {
        try (Stream<Path> found = Files.walk(top)) {
            for (Path folder : (Iterable<Path>) found.filter(Files::isDirectory)::iterator) {
                syncFolder(folder);
            }
        }
    }

    static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    static void deleteAll(Path path) throws IOException {
        FileSystemUtils.deleteRecursively(path);
    }

    static void deleteBelow(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                deleteAll(entry);
            }
        }
    }

    /// @throws Failure UNAVAILABLE when there is less room than that
    static void requireRoom(Path folder, long bytes) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < bytes) {
            throw new Failure(
                    Failure.Kind.UNAVAILABLE,
                    "%s has room for %,d bytes, and at least %,d are needed.".formatted(folder, free, bytes));
        }
    }

    /// What went wrong, in words: the messages of the JDK are often the name of a file alone.
    public static String reason(IOException failed) {
        return switch (failed) {
            case NoSuchFileException missing -> "there is no " + missing.getFile();
            case AccessDeniedException denied -> denied.getFile() + " may not be read or written";
            case NotDirectoryException file -> file.getFile() + " is not a folder";
            case FileSystemException other -> other.getFile() + ": " + other.getReason();
            default -> String.valueOf(failed.getMessage());
        };
    }
}
