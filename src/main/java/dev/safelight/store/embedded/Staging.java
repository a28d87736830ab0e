package dev.safelight.store.embedded;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.safelight.store.encryption.FileEncryption;
import dev.safelight.store.encryption.StoredBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The folder in which files are written, out of everybody's sight; all in it is rubbish at a start.
///
/// No byte of an object reaches the disk but through here, so this is where it is encrypted.
record Staging(Path folder, FileEncryption encryption) {
    private static final Logger log = LoggerFactory.getLogger(Staging.class);

    private static final int BUFFER = 64 << 10;

    /// A complete and durable file that is not yet anything; closing it without publishing removes it.
    ///
    /// @param bytes its length before encryption
    /// @param etag the MD5 of its bytes, or for a joined file what its parts were given
    record Staged(Path file, long bytes, String etag) implements AutoCloseable {
        @Override
        public void close() {
            remove(file);
        }
    }

    Path newName() {
        return folder.resolve(UUID.randomUUID().toString());
    }

    /// Writes bytes and headers to disk and syncs them; what the stream throws goes on to the caller.
    ///
    /// @param name that the file is to have below the store's folder
    Staged write(String name, KeptHeaders headers, InputStream bytes) throws IOException {
        headers.requireSmall();
        Path file = newName();
        MessageDigest digest = md5();
        try (FileChannel channel = FileChannel.open(file, CREATE_NEW, WRITE)) {
            long length = 0;
            try (WritableByteChannel target = encryption.writer(file, channel, name)) {
                byte[] buffer = new byte[BUFFER];
                for (int read; (read = bytes.readNBytes(buffer, 0, buffer.length)) > 0; length += read) {
                    if (length == 0) {
                        requireUnmistakable(buffer, read);
                    }
                    digest.update(buffer, 0, read);
                    writeFully(target, ByteBuffer.wrap(buffer, 0, read));
                }
            }
            return finish(file, channel, headers, length, HexFormat.of().formatHex(digest.digest()));
        } catch (IOException | RuntimeException e) {
            remove(file);
            throw e;
        }
    }

    /// An encrypted file is known by its beginning; whoever could store a plain one like it could read it nevermore.
    private void requireUnmistakable(byte[] bytes, int length) {
        if (!encryption.writesEncrypted() && FileEncryption.isMistakable(bytes, length)) {
            throw StoreError.INVALID_ARGUMENT.with("The bytes begin like an encrypted file of this store.");
        }
    }

    /// A file to be joined, and the name that it has below the store's folder.
    record Piece(Path file, String name) {}

    /// Joins files: without their bytes passing through this process where neither is encrypted.
    ///
    /// @param name that the file is to have below the store's folder
    Staged join(String name, KeptHeaders headers, List<Piece> parts, String etag) throws IOException {
        Path file = newName();
        try (FileChannel channel = FileChannel.open(file, CREATE_NEW, WRITE)) {
            long length = 0;
            try (WritableByteChannel target = encryption.writer(file, channel, name)) {
                for (Piece part : parts) {
                    boolean plain = !encryption.writesEncrypted() && !FileEncryption.isEncrypted(part.file());
                    length += plain ? append(part.file(), channel) : appendDecrypted(part, target);
                }
            }
            return finish(file, channel, headers, length, etag);
        } catch (IOException | RuntimeException e) {
            remove(file);
            throw e;
        }
    }

    private static long append(Path part, FileChannel target) throws IOException {
        try (FileChannel source = FileChannel.open(part, READ)) {
            long size = source.size();
            for (long done = 0; done < size; ) {
                long moved = source.transferTo(done, size - done, target);
                if (moved <= 0) {
                    throw new IOException("a part became shorter: " + part);
                }
                done += moved;
            }
            return size;
        }
    }

    private long appendDecrypted(Piece part, WritableByteChannel target) throws IOException {
        try (StoredBytes source = encryption.open(part.file(), part.name());
                InputStream bytes = source.stream()) {
            byte[] buffer = new byte[BUFFER];
            for (int read; (read = bytes.readNBytes(buffer, 0, buffer.length)) > 0; ) {
                requireUnmistakable(buffer, read);
                writeFully(target, ByteBuffer.wrap(buffer, 0, read));
            }
            return source.size();
        }
    }

    private static Staged finish(Path file, FileChannel channel, KeptHeaders headers, long bytes, String etag)
            throws IOException {
        headers.writeTo(file, etag);
        channel.force(true);
        return new Staged(file, bytes, etag);
    }

    private static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.warn("A staged file stays until the next start", e);
        }
    }
}
