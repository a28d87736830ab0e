package dev.safelight.backup;

import dev.safelight.asset.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Copies files with their extended attributes, and says what it copied.
final class FileCopy {
    private static final int BUFFER = 256 * 1024;

    /// A file takes the time of a sync more than that of its bytes, so some are on their way at once.
    private static final int AT_ONCE = 4;

    private static final int PATIENCE = 10;

    /// That of Linux.
    private static final int LARGEST_ATTRIBUTE = 64 << 10;

    private FileCopy() {}

    /// What was read.
    ///
    /// @param md5 which the store keeps of what was sent
    record Content(long bytes, String sha256, String md5) {}

    /// A copy, and whether it has the bytes that were once sent to the store.
    record Copied(ObjectEntry entry, boolean asSent) {}

    /// Leaves nothing behind when it fails.
    ///
    /// @throws java.nio.file.NoSuchFileException when there is nothing to copy
    static Content copy(Path from, Path to) throws IOException {
        try (FileChannel out = Disk.create(to)) {
            Content content = read(from, out);
            out.force(true);
            return content;
        } catch (IOException failed) {
            Files.deleteIfExists(to);
            throw failed;
        }
    }

    static Content read(Path file) throws IOException {
        return read(file, null);
    }

    private static Content read(Path file, @Nullable FileChannel copy) throws IOException {
        MessageDigest digest = Sha256.digest();
        MessageDigest md5 = md5();
        byte[] buffer = new byte[BUFFER];
        long bytes = 0;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                digest.update(buffer, 0, length);
                md5.update(buffer, 0, length);
                bytes += length;
                ByteBuffer rest = ByteBuffer.wrap(buffer, 0, length);
                while (copy != null && rest.hasRemaining()) {
                    copy.write(rest);
                }
            }
        }
        HexFormat hex = HexFormat.of();
        return new Content(bytes, hex.formatHex(digest.digest()), hex.formatHex(md5.digest()));
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has MD5", impossible);
        }
    }

    /// Copies an object of the store into a backup. Content and attributes are of one and the same file,
    /// even where the object is replaced meanwhile.
    static Copied backUp(Path object, String bucket, String key, Path to) throws IOException {
        for (int attempt = 1; ; attempt++) {
            BasicFileAttributes before = Files.readAttributes(object, BasicFileAttributes.class);
            Map<String, String> attributes = attributes(object);
            Content content = copy(object, to);
            BasicFileAttributes after = Files.readAttributes(object, BasicFileAttributes.class);
            if (Objects.equals(before.fileKey(), after.fileKey())
                    && before.lastModifiedTime().equals(after.lastModifiedTime())
                    && content.bytes() == after.size()) {
                ObjectEntry entry = new ObjectEntry(
                        bucket,
                        key,
                        content.bytes(),
                        content.sha256(),
                        after.lastModifiedTime().toInstant(),
                        attributes);
                return new Copied(entry, entry.isAsSent(content));
            }
            Files.delete(to);
            if (attempt == PATIENCE) {
                throw new IOException(bucket + ":" + key + " changes all the time");
            }
        }
    }

    private static Map<String, String> attributes(Path file) throws IOException {
        UserDefinedFileAttributeView view = view(file);
        Map<String, String> attributes = new TreeMap<>();
        for (String name : view.list()) {
            // A tag may become longer, or go, between two looks at it.
            ByteBuffer value = ByteBuffer.allocate(LARGEST_ATTRIBUTE);
            try {
                view.read(name, value);
            } catch (FileSystemException gone) {
                if (view.list().contains(name)) {
                    throw gone;
                }
                continue;
            }
            byte[] bytes = new byte[value.flip().remaining()];
            value.get(bytes);
            attributes.put(name, Base64.getEncoder().encodeToString(bytes));
        }
        return attributes;
    }

    private static UserDefinedFileAttributeView view(Path file) {
        return Objects.requireNonNull(Files.getFileAttributeView(file, UserDefinedFileAttributeView.class));
    }

    /// Brings an object back as it was.
    ///
    /// @return what was copied, which may not be what was backed up
    static Content restore(Path from, ObjectEntry entry, Path to) throws IOException {
        try (FileChannel out = Disk.create(to)) {
            Content content = read(from, out);
            for (Map.Entry<String, String> attribute : entry.attributes().entrySet()) {
                view(to).write(
                                attribute.getKey(),
                                ByteBuffer.wrap(Base64.getDecoder().decode(attribute.getValue())));
            }
            Files.setLastModifiedTime(to, FileTime.from(entry.modified()));
            out.force(true);
            return content;
        }
    }

    /// What is done with each of many.
    @FunctionalInterface
    interface Step<T, R> {
        R apply(T one) throws IOException;
    }

    /// Does something with each of a few, some of them at once.
    ///
    /// @return the results in the same order
    static <T, R> List<R> each(List<T> few, Step<T, R> step) throws IOException, InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<R>> futures = new ArrayList<>();
            few.forEach(one -> futures.add(threads.submit(() -> step.apply(one))));
            List<R> results = new ArrayList<>();
            try {
                for (Future<R> future : futures) {
                    results.add(future.get());
                }
            } catch (ExecutionException failed) {
                threads.shutdownNow();
                switch (failed.getCause()) {
                    case IOException cause -> throw cause;
                    case RuntimeException cause -> throw cause;
                    case null, default -> throw new IllegalStateException(failed);
                }
            }
            return results;
        }
    }
}
