package dev.safelight.store.embedded;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.safelight.asset.Bucket;
import dev.safelight.store.encryption.EncryptionKeys;
import dev.safelight.store.encryption.FileEncryption;
import dev.safelight.store.encryption.KeyLedger;
import dev.safelight.store.encryption.StoredBytes;
import dev.safelight.store.encryption.UnreadableFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Brings all files of a store that does not run to the key that writes, or makes them plain.
///
/// Each file is written anew beside the others, with its attributes and its time, synced, and renamed over
/// the old one. So it may be killed at any point, and run again: what is as it should be is left alone.
public final class RekeyFiles {
    private static final int BUFFER = 64 << 10;

    private final FileEncryption encryption;
    private final KeyLedger ledger;
    private final StoreFolder folder;

    /// What becomes of the files, told as it happens.
    public interface Listener {
        /// A file was looked at, and changed where that was needed.
        void done(long bytes);

        /// A file was left as it is: it cannot be read, or its bytes are not those that were sent.
        void failed(String name, String why);
    }

    /// @param files how many there are, by the ids of their keys; under [EncryptionKeys#NOTHING] those that
    ///     are plain
    /// @param bytes of all of them on disk
    /// @param unreadable how many have a beginning that cannot be read
    public record Count(Map<String, Long> files, long bytes, long unreadable) {}

    /// @param changed how many files were written anew
    /// @param failed how many should have been and were not
    public record Outcome(long changed, long failed) {}

    private RekeyFiles(FileEncryption encryption, KeyLedger ledger, StoreFolder folder) {
        this.encryption = encryption;
        this.ledger = ledger;
        this.folder = folder;
    }

    /// Whether a folder is that of a store.
    public static boolean isStore(Path folder) {
        return Files.isDirectory(folder.resolve(EmbeddedStore.OBJECTS));
    }

    /// @param folder of a store that nobody else uses
    /// @throws dev.safelight.asset.Failure UNAVAILABLE when a key of its objects is missing
    public static RekeyFiles open(Path folder, EncryptionKeys keys) throws IOException {
        UserAttributes.require(folder);
        KeyLedger ledger = KeyLedger.open(folder);
        ledger.admit(keys);
        FileEncryption encryption = new FileEncryption(keys);
        Set<String> buckets = Arrays.stream(Bucket.values()).map(Bucket::text).collect(Collectors.toSet());
        return new RekeyFiles(
                encryption, ledger, new StoreFolder(folder.resolve(EmbeddedStore.OBJECTS), buckets, encryption));
    }

    /// Counts the files by their keys, without reading more than their beginnings.
    public static Count count(Path folder) throws IOException {
        FileEncryption reader = new FileEncryption(EncryptionKeys.none());
        Map<String, Long> files = new TreeMap<>();
        long[] totals = new long[2];
        visit(folder.resolve(EmbeddedStore.OBJECTS), (file, name) -> {
            totals[0] += Files.size(file);
            try {
                files.merge(reader.keyOf(file, name).orElse(EncryptionKeys.NOTHING), 1L, Long::sum);
            } catch (UnreadableFile e) {
                totals[1]++;
            }
        });
        return new Count(files, totals[0], totals[1]);
    }

    /// Changes what is not as it should be. Once all is, former keys are not needed for a start any more.
    ///
    /// @throws IOException when the disk is full or fails; what was done until then stays
    public Outcome run(Listener listener) throws IOException {
        String wanted = encryption.keys().writer().orElse(EncryptionKeys.NOTHING);
        long[] totals = new long[2];
        visit(folder.root(), (file, name) -> {
            long bytes = Files.size(file);
            try {
                if (!encryption.keyOf(file, name).orElse(EncryptionKeys.NOTHING).equals(wanted)) {
                    rewrite(file, name);
                    totals[0]++;
                }
                listener.done(bytes);
            } catch (UnreadableFile e) {
                totals[1]++;
                listener.failed(name, String.valueOf(e.getMessage()));
            } catch (S3Exception e) {
                totals[1]++;
                listener.failed(name, Errors.message(e));
            }
        });
        if (totals[1] == 0) {
            ledger.keepOnly(encryption.keys().writer().map(Set::of).orElse(Set.of()));
        }
        return new Outcome(totals[0], totals[1]);
    }

    private void rewrite(Path file, String name) throws IOException {
        Path draft = folder.staging().newName();
        try {
            try (FileChannel channel = FileChannel.open(draft, CREATE_NEW, WRITE)) {
                requireUnchanged(file, name, copy(file, name, draft, channel));
                copyAttributes(file, draft);
                Files.setLastModifiedTime(draft, Files.getLastModifiedTime(file));
                channel.force(true);
            }
            Files.move(draft, file, ATOMIC_MOVE, REPLACE_EXISTING);
            Folders.sync(file.resolveSibling(""));
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private MessageDigest copy(Path file, String name, Path draft, FileChannel channel) throws IOException {
        MessageDigest digest = Staging.md5();
        try (StoredBytes source = encryption.open(file, name);
                InputStream bytes = source.stream();
                WritableByteChannel target = encryption.writer(draft, channel, name)) {
            byte[] buffer = new byte[BUFFER];
            boolean first = true;
            for (int read; (read = bytes.readNBytes(buffer, 0, buffer.length)) > 0; first = false) {
                if (first && !encryption.writesEncrypted() && FileEncryption.isMistakable(buffer, read)) {
                    throw StoreError.INVALID_ARGUMENT.with("it would be taken for an encrypted file");
                }
                digest.update(buffer, 0, read);
                ByteBuffer rest = ByteBuffer.wrap(buffer, 0, read);
                while (rest.hasRemaining()) {
                    target.write(rest);
                }
            }
        }
        return digest;
    }

    /// Bytes that went bad on the disk must not get a seal that says they are good.
    private static void requireUnchanged(Path file, String name, MessageDigest digest) throws IOException {
        String etag = KeptHeaders.etag(file);
        boolean whole = etag.matches("[0-9a-f]{32}");
        if (whole && !etag.equals(HexFormat.of().formatHex(digest.digest()))) {
            throw StoreError.BAD_DIGEST.with(name + " has other bytes than were sent: it was damaged");
        }
    }

    private static void copyAttributes(Path from, Path to) throws IOException {
        var source = Files.getFileAttributeView(from, UserDefinedFileAttributeView.class);
        var target = Files.getFileAttributeView(to, UserDefinedFileAttributeView.class);
        for (String attribute : source.list()) {
            if (!FileEncryption.isOwnAttribute(attribute)) {
                ByteBuffer value = ByteBuffer.allocate(source.size(attribute));
                source.read(attribute, value);
                target.write(attribute, value.flip());
            }
        }
    }

    @FunctionalInterface
    private interface Visitor {
        void visit(Path file, String name) throws IOException;
    }

    /// All files whose bytes are somebody's: objects, and parts without what is noted about their upload.
    private static void visit(Path root, Visitor visitor) throws IOException {
        Set<String> folders = Arrays.stream(Bucket.values()).map(Bucket::text).collect(Collectors.toSet());
        folders.add(StoreFolder.PARTS);
        for (String top : folders) {
            if (Files.isDirectory(root.resolve(top))) {
                Files.walkFileTree(root.resolve(top), new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes about) throws IOException {
                        boolean described = top.equals(StoreFolder.PARTS) && PartFolder.isAbout(file);
                        if (about.isRegularFile() && !described) {
                            visitor.visit(file, root.relativize(file).toString());
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
            }
        }
    }
}
