package dev.safelight.render;

import dev.safelight.asset.MediaType;
import dev.safelight.store.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A finished picture, in a file that is held until this is closed.
///
/// @param etag of its bytes, without quotes
/// @param origin where it came from this time
/// @param timings what it took this time, in the order it happened
public record Rendered(MediaType type, String etag, DiskCache.Entry entry, Origin origin, List<Timing> timings)
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

    public Rendered {
        timings = List.copyOf(timings);
    }

    public long length() {
        return entry.length();
    }

    public byte[] bytes() throws IOException {
        return entry.bytes();
    }

    /// All of it, or a range.
    public InputStream open(@Nullable ByteRange range) throws IOException {
        SeekableByteChannel channel = Files.newByteChannel(entry.path());
        return Channels.newInputStream(range == null ? channel : channel.position(range.first()));
    }

    @Override
    public void close() {
        entry.close();
    }
}
