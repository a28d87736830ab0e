package dev.safelight.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.BlobKey;
import dev.safelight.render.DiskCache;
import dev.safelight.render.DiskCache.Entry;
import dev.safelight.store.ByteRange;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
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
/// others get it from there, too, until it is whole. A disk that refuses costs nothing but the attempt, one
/// that stalls costs a reader a moment, and a reader who is slow keeps no other from writing for long.
final class DiskTier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskTier.class);
    /// Objects of which it is known that they were asked for once.
    private static final int REMEMBERED = 200_000;
    /// Objects that are written at a time; each takes a thread and a few buffers.
    private static final int WRITES = 32;
    /// After which another reader may write, too, as the first is slow.
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /// Bytes per millisecond beside that patience: what is read more slowly in all is not kept.
    private static final long LEAST_PACE = 1_000;
    /// Of a reader with the disk, for each object.
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final DiskCache files;
    private final long largest;
    private final Duration patience;
    private final Cache<String, Boolean> askedOnce =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();
    private final Cache<String, Boolean> written;
    private final Semaphore writes = new Semaphore(WRITES);

    /// @param largest bytes of the largest object that is kept
    DiskTier(DiskCache files, long largest) {
        this(files, largest, PATIENCE);
    }

    DiskTier(DiskCache files, long largest, Duration patience) {
        this.files = files;
        this.largest = largest;
        this.patience = patience;
        this.written = Caffeine.newBuilder().expireAfterWrite(patience).build();
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
        if (written.asMap().putIfAbsent(name, true) != null) {
            writes.release();
            return bytes;
        }
        Duration longest = patience.plusMillis(content.bytes() / LEAST_PACE);
        Copying copying = new Copying(bytes, content.bytes(), longest, MOMENT);
        String group = asset.toString();
        // Virtual threads share few of the system's, which a disk that stalls would take from all of them.
        Thread.ofPlatform().daemon().name("keep-variant").start(() -> {
            try (InputStream copy = copying.copy()) {
                files.put(name, group, content.type().extension(), Map.of(), copy, begun)
                        .ifPresent(Entry::close);
                if (files.moment(group) != begun) {
                    files.drop(name);
                }
            } catch (IOException brokenOff) {
                LOG.debug("{} is not kept: {}", name, brokenOff.getMessage());
            } finally {
                written.invalidate(name);
                writes.release();
            }
        });
        return copying.reader();
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
}
