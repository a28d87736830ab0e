package dev.safelight.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/// Follows the blocks of a GIF (GIF89a, section 12): libvips plays a file that was cut off up to where it ends.
final class GifBlocks {
    private static final int HEADER = 13;
    private static final int EXTENSION = 0x21;
    private static final int IMAGE = 0x2c;

    private GifBlocks() {}

    /// Whether the file ends where a block ends; the trailer itself is missing in many that are whole.
    static boolean areComplete(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            return areComplete(channel.map(MapMode.READ_ONLY, 0, channel.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean areComplete(MappedByteBuffer gif) {
        if (gif.limit() < HEADER) {
            return false;
        }
        long position = (long) HEADER + colourTable(gif.get(10));
        while (position < gif.limit()) {
            int start = (int) position;
            switch (gif.get(start)) {
                case EXTENSION -> position = afterData(gif, position + 2);
                case IMAGE -> {
                    if (position + 10 > gif.limit()) {
                        return false;
                    }
                    position = afterData(gif, position + 11 + colourTable(gif.get(start + 9)));
                }
                // The trailer, or bytes after the last block that mean nothing.
                default -> {
                    return true;
                }
            }
        }
        return position == gif.limit();
    }

    private static int colourTable(byte flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    }

    /// The position after a chain of sub-blocks, or one beyond the end when the chain breaks off.
    private static long afterData(MappedByteBuffer gif, long start) {
        long position = start;
        while (position < gif.limit()) {
            int length = gif.get((int) position) & 0xff;
            position += length + 1L;
            if (length == 0) {
                return position;
            }
        }
        return gif.limit() + 1L;
    }
}
