package dev.safelight.image;

import dev.safelight.asset.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/// Counts the scans of a JPEG (ITU-T T.81, annex B): each one is a pass over all pixels, and costs the
/// sender a few bytes.
final class JpegScans {
    private static final int MAX = 100;

    private static final int START_OF_SCAN = 0xda;
    private static final int END_OF_IMAGE = 0xd9;

    private JpegScans() {}

    /// Whether the picture comes in more than one pass, so that a decoder holds all coefficients of it.
    ///
    /// @throws ImageRejected too large, when there are too many
    static boolean areSeveral(Path file) throws ImageRejected {
        try (FileChannel channel = FileChannel.open(file);
                Arena arena = Arena.ofConfined()) {
            long length = Math.min(channel.size(), Integer.MAX_VALUE);
            return check(channel.map(MapMode.READ_ONLY, 0, length, arena).asByteBuffer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @throws ImageRejected too large, when there are too many
    static boolean check(ByteBuffer jpeg) throws ImageRejected {
        int scans = 0;
        int components = 0;
        boolean progressive = false;
        for (int at = marker(jpeg, 2); at < jpeg.limit(); at = marker(jpeg, at)) {
            int marker = jpeg.get(at) & 0xff;
            at++;
            if (marker == END_OF_IMAGE) {
                break;
            }
            if (isAlone(marker)) {
                continue;
            }
            if (isStartOfFrame(marker)) {
                progressive |= (marker & 3) == 2;
                components = at + 7 < jpeg.limit() ? jpeg.get(at + 7) & 0xff : 0;
            }
            if (marker == START_OF_SCAN) {
                scans++;
                boolean all = at + 2 < jpeg.limit() && (jpeg.get(at + 2) & 0xff) == components;
                if (scans == 1 && !progressive && all) {
                    return false;
                }
                if (scans > MAX) {
                    throw new ImageRejected(
                            Reason.TOO_LARGE, "The JPEG has more than " + MAX + " scans, which is the most allowed.");
                }
            }
            at += at + 1 < jpeg.limit() ? jpeg.getShort(at) & 0xffff : 2;
        }
        return progressive || scans > 1;
    }

    /// The position of the next marker's code, after fill bytes and over coded data.
    private static int marker(ByteBuffer jpeg, int start) {
        int at = start;
        while (at + 1 < jpeg.limit()) {
            if (jpeg.get(at) == (byte) 0xff && jpeg.get(at + 1) != 0 && jpeg.get(at + 1) != (byte) 0xff) {
                return at + 1;
            }
            at++;
        }
        return jpeg.limit();
    }

    /// Whether nothing follows that belongs to the marker: restarts, the start of the image, TEM.
    private static boolean isAlone(int marker) {
        return (marker >= 0xd0 && marker <= 0xd8) || marker == 1;
    }

    private static boolean isStartOfFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }
}
