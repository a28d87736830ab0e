package dev.safelight.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.BlobKey;
import dev.safelight.render.DiskCache;
import dev.safelight.render.DiskCache.Entry;
import dev.safelight.store.ByteRange;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stored variants on the disk of this process, between its memory and a store that is a network away.
///
/// What is asked for the first time passes through; what is asked for again is kept. So a crawler that reads
/// everything once displaces nothing. Ranges of what is not kept are passed on to the store as they are.
/// Whether something may be delivered is decided before, on every request.
///
/// Nobody waits for the disk to have an object: it is written while one reader gets it from the store, and
/// others get it from there, too, until it is whole. A disk that refuses costs nothing but the attempt.
final class DiskTier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskTier.class);
    /// Objects of which it is known that they were asked for once.
    private static final int REMEMBERED = 200_000;
    /// Objects that are written at a time; each takes a buffer and a pipe.
    private static final int WRITES = 32;
    /// After which another reader may write, too, as the first is slow.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final DiskCache files;
    private final long largest;
    private final Cache<String, Boolean> askedOnce =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();
    private final Cache<String, Boolean> written =
            Caffeine.newBuilder().expireAfterWrite(PATIENCE).build();
    private final Semaphore writes = new Semaphore(WRITES);

    /// @param largest bytes of the largest object that is kept
    DiskTier(DiskCache files, long largest) {
        this.files = files;
        this.largest = largest;
    }

    /// The store.
    @FunctionalInterface
    interface Origin {
        InputStream open(@Nullable ByteRange range) throws IOException;
    }

    /// The content of an object, or a range of it.
    InputStream open(AssetId asset, BlobKey object, Representation content, @Nullable ByteRange range, Origin origin)
            throws IOException {
        // Objects are exchanged below their key; the tag says which one is meant.
        String name = object + " " + content.etag();
        Optional<Entry> kept = files.get(name);
        if (kept.isPresent()) {
            return open(kept.get(), range);
        }
        long begun = files.moment(asset.toString());
        InputStream bytes = origin.open(range);
        boolean keeps = range == null && content.bytes() <= largest && isAskedAgain(name);
        return keeps ? keeping(name, asset, content, bytes, begun) : bytes;
    }

    private boolean isAskedAgain(String name) {
        return askedOnce.asMap().put(name, true) != null;
    }

    /// The same bytes, which are written to the disk as they are read.
    private InputStream keeping(String name, AssetId asset, Representation content, InputStream bytes, long begun) {
        if (!writes.tryAcquire()) {
            return bytes;
        }
        Pipe pipe = written.asMap().putIfAbsent(name, true) == null ? openPipe() : null;
        if (pipe == null) {
            writes.release();
            return bytes;
        }
        String group = asset.toString();
        Thread.ofVirtual().name("keep-variant").start(() -> {
            try (InputStream copy = new Whole(Channels.newInputStream(pipe.source()), content.bytes())) {
                files.put(name, group, content.type().extension(), Map.of(), copy, begun)
                        .ifPresent(Entry::close);
                if (files.moment(group) != begun) {
                    files.drop(name);
                }
            } catch (IOException brokenOff) {
                LOG.debug("{} was not read to its end, and is not kept", name);
            } finally {
                written.invalidate(name);
                writes.release();
            }
        });
        return new Copied(bytes, Channels.newOutputStream(pipe.sink()));
    }

    private static @Nullable Pipe openPipe() {
        try {
            return Pipe.open();
        } catch (IOException noneLeft) {
            LOG.debug("Nothing is kept while there is no pipe", noneLeft);
            return null;
        }
    }

    private static InputStream open(Entry entry, @Nullable ByteRange range) throws IOException {
        try {
            SeekableByteChannel channel = Files.newByteChannel(entry.path());
            InputStream bytes = Channels.newInputStream(range == null ? channel : channel.position(range.first()));
            return new FilterInputStream(bytes) {
                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    return in.read(buffer, offset, length);
                }

                @Override
                public void close() throws IOException {
                    try (entry) {
                        in.close();
                    }
                }
            };
        } catch (IOException failed) {
            entry.close();
            throw failed;
        }
    }

    /// Forgets what some assets had, which is not asked for any more. What is being written is not kept.
    void forget(Set<AssetId> assets) {
        files.dropGroups(assets.stream().map(AssetId::toString).collect(Collectors.toUnmodifiableSet()));
    }

    void forgetAll() {
        files.clear();
    }

    @Override
    public void close() {
        files.close();
    }

    /// A stream whose bytes go to a pipe, too, for as long as somebody takes them from there.
    private static final class Copied extends FilterInputStream {
        private final OutputStream copy;
        private boolean wanted = true;

        Copied(InputStream in, OutputStream copy) {
            super(in);
            this.copy = copy;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = in.read(buffer, offset, length);
            if (read > 0 && wanted) {
                try {
                    copy.write(buffer, offset, read);
                } catch (IOException refused) {
                    wanted = false;
                }
            }
            return read;
        }

        @Override
        public void close() throws IOException {
            try (copy) {
                in.close();
            }
        }
    }

    /// A stream that fails when it ends early, so that nothing is kept that is not whole.
    private static final class Whole extends FilterInputStream {
        private long left;

        Whole(InputStream in, long bytes) {
            super(in);
            this.left = bytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = in.read(buffer, offset, length);
            if (read < 0 && left > 0) {
                throw new EOFException("the object ended " + left + " bytes early");
            }
            left -= Math.max(0, read);
            return read;
        }
    }
}
