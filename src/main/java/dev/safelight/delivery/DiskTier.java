package dev.safelight.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.BlobKey;
import dev.safelight.render.DiskCache;
import dev.safelight.render.DiskCache.Entry;
import dev.safelight.render.SingleFlight;
import dev.safelight.store.ByteRange;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Stored variants on the disk of this process, between its memory and a store that is a network away.
///
/// What is asked for the first time passes through; what is asked for again is kept. So a crawler that reads
/// everything once displaces nothing. Ranges of what is not kept are passed on to the store as they are.
/// Whether something may be delivered is decided before, on every request.
final class DiskTier implements AutoCloseable {
    /// Objects of which it is known that they were asked for once.
    private static final int REMEMBERED = 200_000;

    private final DiskCache files;
    private final long largest;
    private final Cache<String, Boolean> askedOnce =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();
    private final SingleFlight<Boolean> fetches = new SingleFlight<>();

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
            throws IOException, InterruptedException {
        // Objects are exchanged below their key; the tag says which one is meant.
        String name = object + " " + content.etag();
        Optional<Entry> kept = files.get(name);
        if (kept.isEmpty() && range == null && content.bytes() <= largest && isAskedAgain(name)) {
            fetches.join(name, () -> keep(name, asset, content, origin));
            kept = files.get(name);
        }
        return kept.isPresent() ? open(kept.get(), range) : origin.open(range);
    }

    private boolean isAskedAgain(String name) {
        return askedOnce.asMap().put(name, true) != null;
    }

    private boolean keep(String name, AssetId asset, Representation content, Origin origin) throws IOException {
        try (InputStream bytes = new Whole(origin.open(null), content.bytes())) {
            Optional<Entry> entry =
                    files.put(name, asset.toString(), content.type().extension(), Map.of(), bytes);
            entry.ifPresent(Entry::close);
            return entry.isPresent();
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

    /// Forgets what some assets had, which is not asked for any more.
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
