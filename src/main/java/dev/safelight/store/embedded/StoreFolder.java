package dev.safelight.store.embedded;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gaul.s3proxy.nio2blob.AbstractNio2BlobStore;

/// The folders of the embedded store, and the two things that S3Proxy leaves out: order on disk and a clean start.
///
/// S3Proxy writes a file beside its destination under a name that also a client may choose, so that after a crash
/// nobody can tell a half-written object from a real one. Here it writes into folders that no client can name:
/// `staging` for objects and `multipart-…` for parts. A bucket's folder receives finished, synced files only, by one
/// link or rename. So nothing half-written can be listed or read, and everything in staging is rubbish at a start.
final class StoreFolder {
    static final String STAGING = "staging";

    /// Names that S3Proxy keeps for the parts of an upload and for what it remembers of it.
    private static final String PARTS = ".mpus-";

    private static final String UPLOAD = ".s3proxy-mpu-stub-";

    /// A part being written ends in a random UUID, a finished one in its number.
    private static final Pattern UNFINISHED_PART =
            Pattern.compile(".*-(\\d{1,5}|stub)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private static final Pattern UNFINISHED_UPLOAD =
            Pattern.compile(Pattern.quote(UPLOAD) + "[0-9a-f-]{36}-[0-9a-f-]{36}");

    private static final int PUBLISH_ATTEMPTS = 10;

    private final Path root;

    StoreFolder(Path root, Collection<String> buckets) throws IOException {
        this.root = root;
        Files.createDirectories(root.resolve(STAGING));
        for (String bucket : buckets) {
            Files.createDirectories(root.resolve(bucket));
            Files.createDirectories(root.resolve(multipart(bucket)));
        }
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        sync(root);
        sweep(buckets);
    }

    Path root() {
        return root;
    }

    static String multipart(String bucket) {
        return "multipart-" + bucket;
    }

    /// Where S3Proxy's own bookkeeping for a bucket is kept; it addresses it as objects in the bucket.
    static String container(String bucket, String key) {
        return key.startsWith(PARTS) || isUpload(key) ? multipart(bucket) : bucket;
    }

    static boolean isUpload(String key) {
        return key.startsWith(UPLOAD);
    }

    /// Whether no object can have this key, because S3Proxy keeps its own under such names.
    static boolean isReserved(String key) {
        return key.startsWith(PARTS) || key.startsWith(".s3proxy-");
    }

    Path file(String container, String key) {
        return root.resolve(container).resolve(key);
    }

    Path part(String bucket, String uploadId, String key, int number) {
        return file(multipart(bucket), AbstractNio2BlobStore.multipartPartName(uploadId, key, number));
    }

    /// Makes a finished file the object of a key, durable when this returns.
    ///
    /// @throws FileAlreadyExistsException if the key has an object that must not be replaced
    void publish(Path finished, String bucket, String key, boolean replace) throws IOException {
        sync(finished);
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
        syncFolders(target, root.resolve(bucket));
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

    void syncPart(Path part, String bucket) throws IOException {
        sync(part);
        syncFolders(part, root.resolve(multipart(bucket)));
    }

    private static void syncFolders(Path file, Path top) throws IOException {
        for (Path folder = file.getParent(); folder != null && folder.startsWith(top); folder = folder.getParent()) {
            sync(folder);
        }
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, READ)) {
            channel.force(true);
        }
    }

    private void sweep(Collection<String> buckets) throws IOException {
        deleteBelow(root.resolve(STAGING));
        for (String bucket : buckets) {
            try (Stream<Path> entries = Files.list(root.resolve(multipart(bucket)))) {
                for (Path entry : entries.toList()) {
                    String name = entry.getFileName().toString();
                    if (name.startsWith(PARTS)) {
                        deleteUnfinishedParts(entry);
                    } else if (!name.startsWith(UPLOAD)
                            || UNFINISHED_UPLOAD.matcher(name).matches()) {
                        delete(entry);
                    }
                }
            }
        }
    }

    private static void deleteUnfinishedParts(Path entry) throws IOException {
        try (Stream<Path> files = Files.walk(entry)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (UNFINISHED_PART.matcher(file.getFileName().toString()).matches()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void delete(Path entry) throws IOException {
        if (Files.isDirectory(entry)) {
            deleteBelow(entry);
        }
        Files.delete(entry);
    }

    private static void deleteBelow(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                delete(entry);
            }
        }
    }
}
