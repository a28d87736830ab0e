package dev.safelight.store.embedded;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.safelight.store.encryption.FileEncryption;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.stream.Stream;

/// The folders of the embedded store, and the two things that S3Proxy leaves out: order on disk and a clean start.
///
/// S3Proxy writes a file beside its destination under a name that also a client may choose, so that after a
/// crash nobody can tell a half-written object from a real one. So files are written into folders that no
/// client can name: `staging` for what is on its way, `parts` for uploads in parts. A bucket's folder
/// receives finished, synced files only, by one link or rename. So nothing half-written can be listed or
/// read, and everything in staging is rubbish at a start.
final class StoreFolder {
    static final String STAGING = "staging";
    static final String PARTS = "parts";

    private static final int PUBLISH_ATTEMPTS = 10;

    private final Path root;
    private final Folders folders;
    private final FileEncryption encryption;

    StoreFolder(Path root, Collection<String> buckets, FileEncryption encryption) throws IOException {
        this.root = root;
        this.encryption = encryption;
        this.folders = new Folders(root);
        Files.createDirectories(root.resolve(STAGING));
        Files.createDirectories(root.resolve(PARTS));
        for (String bucket : buckets) {
            Files.createDirectories(root.resolve(bucket));
        }
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        Folders.sync(root);
        Folders.deleteBelow(root.resolve(STAGING));
        removeFormerParts();
    }

    /// Where parts were kept before they had a folder for all buckets.
    private void removeFormerParts() throws IOException {
        try (Stream<Path> entries = Files.list(root)) {
            for (Path entry : entries.toList()) {
                if (entry.getFileName().toString().startsWith("multipart-")) {
                    Folders.deleteAll(entry);
                }
            }
        }
    }

    Path root() {
        return root;
    }

    Staging staging() {
        return new Staging(root.resolve(STAGING), encryption);
    }

    Path parts() {
        return root.resolve(PARTS);
    }

    /// Whether no object can have this key, because S3Proxy keeps its own under such names.
    static boolean isReserved(String key) {
        return key.startsWith(".mpus-") || key.startsWith(".s3proxy-");
    }

    FileEncryption encryption() {
        return encryption;
    }

    /// The name that the bytes of an object are bound to: its path below the root.
    static String name(String bucket, String key) {
        return bucket + "/" + key;
    }

    Path file(String container, String key) {
        return root.resolve(container).resolve(key);
    }

    /// Makes a finished and synced file the object of a key, durable when this returns.
    ///
    /// @throws FileAlreadyExistsException if the key has an object that must not be replaced
    void publish(Path finished, String bucket, String key, boolean replace) throws IOException {
        Path target = file(bucket, key);
        for (int attempt = 1; ; attempt++) {
            try {
                Files.createDirectories(target.getParent());
                link(finished, target, replace);
                break;
            } catch (NoSuchFileException e) {
                // Deleting the last object of a folder removes the folder, perhaps between our two steps.
                if (attempt == PUBLISH_ATTEMPTS || !Files.exists(finished)) {
                    throw e;
                }
            }
        }
        folders.syncName(target);
    }

    /// A link fails where a rename would silently replace: of many writers of one key only the first succeeds.
    private static void link(Path finished, Path target, boolean replace) throws IOException {
        if (replace) {
            Files.move(finished, target, ATOMIC_MOVE, REPLACE_EXISTING);
        } else {
            Files.createLink(target, finished);
            Files.delete(finished);
        }
    }

    /// To be called before an object is removed: folders that it leaves empty go with it.
    void beforeRemoval(String bucket, String key) {
        folders.forget(file(bucket, key));
    }
}
