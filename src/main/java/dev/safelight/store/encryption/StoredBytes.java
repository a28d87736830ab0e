package dev.safelight.store.encryption;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The bytes of an object as they are, whatever lies in its file.
public final class StoredBytes implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StoredBytes.class);

    private final String name;
    private final SeekableByteChannel bytes;
    private final long size;
    private final @Nullable String keyId;

    StoredBytes(String name, SeekableByteChannel bytes, long size, @Nullable String keyId) {
        this.name = name;
        this.bytes = bytes;
        this.size = size;
        this.keyId = keyId;
    }

    public long size() {
        return size;
    }

    /// The id of the key that they are encrypted with.
    public Optional<String> keyId() {
        return Optional.ofNullable(keyId);
    }

    /// All bytes; closing the stream closes this.
    public InputStream stream() throws IOException {
        return stream(0, size);
    }

    /// Some of the bytes; closing the stream closes this. The first of them are checked at once, the others when they
    /// are read: a segment that was damaged ends the stream with an [UnreadableFile] before any byte of it.
    public InputStream stream(long first, long count) throws IOException {
        Objects.checkFromIndexSize(first, count, size);
        bytes.position(first);
        if (count > 0) {
            read(ByteBuffer.allocate(1));
            bytes.position(first);
        }
        return new Stream(count);
    }

    private int read(ByteBuffer target) throws IOException {
        try {
            int read = bytes.read(target);
            if (read <= 0) {
                throw new IOException("it ends too early");
            }
            return read;
        } catch (IOException | RuntimeException e) {
            if (keyId == null) {
                throw e;
            }
            throw logged(damaged(name, keyId, e));
        }
    }

    /// Tink throws what it finds first, which may also be an exception of the JDK's own.
    static UnreadableFile damaged(String name, String keyId, Exception cause) {
        return new UnreadableFile(
                name,
                "its bytes are damaged or another object's, or the key '" + keyId + "' is not the one it needs",
                cause);
    }

    private static UnreadableFile logged(UnreadableFile unreadable) {
        log.error("{}", unreadable.getMessage());
        return unreadable;
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }

    private final class Stream extends InputStream {
        private long left;

        Stream(long count) {
            this.left = count;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (length == 0) {
                return 0;
            }
            if (left == 0) {
                return -1;
            }
            int read = StoredBytes.this.read(ByteBuffer.wrap(target, offset, (int) Math.min(length, left)));
            left -= read;
            return read;
        }

        @Override
        public void close() throws IOException {
            StoredBytes.this.close();
        }
    }
}
