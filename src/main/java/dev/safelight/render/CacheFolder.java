package dev.safelight.render;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.safelight.asset.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The files of a cache: written beside their place, then renamed, and never synced.
///
/// After a power loss a renamed file may therefore be short or hold zeros; its name says what it should be.
/// The file of metadata, empty where there is none, makes a body one that a start takes over: it is there as
/// long as everybody may find the blob. So a body without metadata, like metadata without a body, is what a
/// kill left behind.
final class CacheFolder implements AutoCloseable {
    private static final String TEMPORARY = ".tmp";
    private static final int SUB_FOLDERS = 256;
    private static final int BUFFER = 64 * 1024;

    private final Path root;
    private final FileChannel lock;
    private final AtomicLong generation = new AtomicLong();

    private CacheFolder(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /// A blob that was there at the start.
    ///
    /// @param used its file time in milliseconds
    record Found(BlobName name, long used) {}

    /// The body could not be read, which is no fault of the cache.
    static final class UnreadableBody extends IOException {
        UnreadableBody(IOException cause) {
            super(cause);
        }
    }

    static CacheFolder open(Path folder) {
        Path root = folder.toAbsolutePath();
        try {
            Files.createDirectories(root);
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
            FileChannel lock = FileChannel.open(root.resolve("lock"), CREATE, WRITE);
            if (!take(lock)) {
                lock.close();
                throw new Failure(
                        Failure.Kind.CONFLICT,
                        "The cache folder %s is used by another process; each process needs one of its own"
                                .formatted(root));
            }
            return new CacheFolder(root, lock);
        } catch (IOException failed) {
            throw new Failure(
                    Failure.Kind.UNAVAILABLE, "The cache folder %s cannot be written to".formatted(root), failed);
        }
    }

    private static boolean take(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException ours) {
            return false;
        }
    }

    Path path(BlobName name) {
        return subFolder(name.key()).resolve(name.file());
    }

    private Path metadataPath(BlobName name) {
        return subFolder(name.key()).resolve(name.file() + BlobName.METADATA);
    }

    private Path subFolder(String key) {
        return root.resolve(key.substring(0, 2));
    }

    /// All blobs of the right length; what is half-written, of the wrong length or without its other half
    /// is deleted. Files of other names are left alone.
    List<Found> sweep() {
        List<Found> found = new ArrayList<>();
        for (int i = 0; i < SUB_FOLDERS; i++) {
            Path sub = root.resolve("%02x".formatted(i));
            if (Files.isDirectory(sub, NOFOLLOW_LINKS)) {
                sweep(sub, found);
            }
        }
        for (Found blob : found) {
            generation.accumulateAndGet(blob.name().generation(), Math::max);
        }
        return found;
    }

    private void sweep(Path sub, List<Found> found) {
        Set<String> names = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(sub)) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        } catch (IOException unreadable) {
            return;
        }
        for (String name : names) {
            if (name.endsWith(TEMPORARY) || isLeftMetadata(name, names)) {
                deleteFile(sub.resolve(name));
            } else {
                BlobName.parse(name).ifPresent(blob -> take(blob, names, found));
            }
        }
    }

    private static boolean isLeftMetadata(String name, Set<String> names) {
        return name.endsWith(BlobName.METADATA)
                && !names.contains(name.substring(0, name.length() - BlobName.METADATA.length()));
    }

    private void take(BlobName name, Set<String> names, List<Found> found) {
        try {
            BasicFileAttributes file = Files.readAttributes(path(name), BasicFileAttributes.class, NOFOLLOW_LINKS);
            boolean whole = file.isRegularFile()
                    && file.size() == name.length()
                    && names.contains(name.file() + BlobName.METADATA);
            if (whole) {
                found.add(new Found(name, file.lastModifiedTime().toMillis()));
            } else {
                delete(name);
            }
        } catch (IOException vanished) {
            // Gone or unreadable: then it is no entry.
        }
    }

    /// Writes a body and gives it its name, without its metadata; null when the body is empty or longer than
    /// allowed.
    @Nullable
    BlobName write(
            String key, String group, String extension, Map<String, String> metadata, InputStream body, long most)
            throws IOException {
        Path sub = subFolder(key);
        long number = generation.incrementAndGet();
        Path temporary = sub.resolve(number + TEMPORARY);
        boolean placed = false;
        try {
            byte[] label = BlobMetadata.write(metadata);
            CRC32C sum = new CRC32C();
            sum.update(label);
            long length = copy(body, sub, temporary, most - label.length, sum);
            if (length <= 0) {
                return null;
            }
            BlobName name = new BlobName(key, number, group, length, label.length, (int) sum.getValue(), extension);
            Files.move(temporary, path(name), ATOMIC_MOVE);
            placed = true;
            return name;
        } finally {
            if (!placed) {
                deleteFile(temporary);
            }
        }
    }

    /// Lets the next start take a blob over. Where the disk refuses that, the blob ends with this process.
    void publish(BlobName name, Map<String, String> metadata) {
        try {
            // In part after a kill, it does not match its checksum: it needs no rename.
            Files.write(metadataPath(name), BlobMetadata.write(metadata), CREATE_NEW, WRITE);
        } catch (IOException refused) {
            withdraw(name);
        }
    }

    /// Lets no start take a blob over, while its body stays where it is.
    void withdraw(BlobName name) {
        deleteFile(metadataPath(name));
    }

    /// The bytes copied; -1 when there were more than allowed.
    private static long copy(InputStream body, Path sub, Path file, long most, CRC32C sum) throws IOException {
        long length = 0;
        byte[] buffer = new byte[BUFFER];
        try (OutputStream out = create(sub, file)) {
            for (int count = read(body, buffer); count >= 0; count = read(body, buffer)) {
                length += count;
                if (length > most) {
                    return -1;
                }
                sum.update(buffer, 0, count);
                out.write(buffer, 0, count);
            }
        }
        return length;
    }

    // Folders are made when they turn out to be missing: nearly always they are there.
    private static OutputStream create(Path sub, Path file) throws IOException {
        try {
            return Files.newOutputStream(file, CREATE_NEW, WRITE);
        } catch (NoSuchFileException missing) {
            Files.createDirectories(sub);
            return Files.newOutputStream(file, CREATE_NEW, WRITE);
        }
    }

    private static int read(InputStream body, byte[] buffer) throws UnreadableBody {
        try {
            return body.read(buffer);
        } catch (IOException failed) {
            throw new UnreadableBody(failed);
        }
    }

    /// The metadata of a blob whose files are as they were written; null when they are not.
    @Nullable
    Map<String, String> verify(BlobName name) throws IOException {
        byte[] label = name.metadata() == 0 ? new byte[0] : Files.readAllBytes(metadataPath(name));
        CRC32C sum = new CRC32C();
        sum.update(label);
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(path(name))) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                sum.update(buffer, 0, count);
            }
        }
        return (int) sum.getValue() == name.checksum() ? BlobMetadata.read(label) : null;
    }

    void delete(BlobName name) {
        withdraw(name);
        deleteFile(path(name));
    }

    private static void deleteFile(Path file) {
        try {
            Files.delete(file);
        } catch (NoSuchFileException gone) {
            // As wanted.
        } catch (IOException failed) {
            // The next start finds it again, as an entry or as rubbish.
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException failed) {
            // The lock ends with the process.
        }
    }
}
