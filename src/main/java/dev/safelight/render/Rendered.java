package dev.safelight.render;

import dev.safelight.asset.MediaType;
import dev.safelight.render.DiskCache.Entry;
import dev.safelight.store.ByteRange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A finished picture, in memory or in a file that is held until this is closed.
///
/// @param etag of its bytes, without quotes
/// @param origin where it came from this time
/// @param timings what it took this time, in the order it happened
public record Rendered(MediaType type, String etag, Body body, Origin origin, List<Timing> timings)
        implements AutoCloseable {
    /// Where a result was found.
    public enum Origin {
        /// On the disk of this process.
        DISK,
        /// In the bucket, where an earlier result was kept.
        BUCKET,
        /// A variant of the pipeline that is exactly what was asked for.
        VARIANT,
        /// Made now, perhaps for others who asked at the same time.
        RENDERED
    }

    /// A step and its time.
    ///
    /// @param name letters only
    /// @param text for people
    public record Timing(String name, String text, long nanos) {}

    /// The bytes.
    public sealed interface Body {
        long length();

        byte[] all() throws IOException;

        /// All of it, or a range.
        InputStream open(@Nullable ByteRange range) throws IOException;
    }

    record InMemory(byte[] bytes) implements Body {
        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public byte[] all() {
            return bytes;
        }

        @Override
        public InputStream open(@Nullable ByteRange range) {
            return range == null
                    ? new ByteArrayInputStream(bytes)
                    : new ByteArrayInputStream(bytes, (int) range.first(), (int) range.length());
        }
    }

    record OnDisk(Entry entry) implements Body {
        @Override
        public long length() {
            return entry.length();
        }

        @Override
        public byte[] all() throws IOException {
            return entry.bytes();
        }

        @Override
        public InputStream open(@Nullable ByteRange range) throws IOException {
            SeekableByteChannel channel = Files.newByteChannel(entry.path());
            return Channels.newInputStream(range == null ? channel : channel.position(range.first()));
        }
    }

    public Rendered {
        timings = List.copyOf(timings);
    }

    @Override
    public void close() {
        if (body instanceof OnDisk(Entry entry)) {
            entry.close();
        }
    }
}
