package dev.safelight.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;

/// Pictures that cost a decoder far more than their few bytes.
final class HostilePictures {
    /// Of a strip of a TIFF with pages.
    private static final int ROWS = 256;

    /// The bytes of its directory.
    private static final int PAGE = 2 + (9 * 12) + 4;

    private HostilePictures() {}

    /// A square grey progressive JPEG whose later scans all say "nothing changes".
    ///
    /// @param size in pixels, a multiple of 8
    static byte[] progressiveJpeg(int size, int scans) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        bytes(out, 0xff, 0xd8, 0xff, 0xdb, 0, 67, 0);
        out.writeBytes("\u0001".repeat(64).getBytes(StandardCharsets.ISO_8859_1));
        bytes(out, 0xff, 0xc2, 0, 11, 8, size >> 8, size & 255, size >> 8, size & 255, 1, 1, 0x11, 0);
        table(out, 0, 0);
        table(out, 0x10, 0xe0);
        int blocks = size / 8 * (size / 8);
        bytes(out, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0);
        out.writeBytes(new byte[(blocks / 8) + 1]);
        byte[] ends = endOfBandRuns(blocks);
        for (int i = 1; i < scans; i++) {
            bytes(out, 0xff, 0xda, 0, 8, 1, 1, 0, 1, 63, 0);
            out.writeBytes(ends);
        }
        bytes(out, 0xff, 0xd9);
        return out.toByteArray();
    }

    /// A table with one code of one bit.
    private static void table(ByteArrayOutputStream out, int kind, int symbol) {
        bytes(out, 0xff, 0xc4, 0, 20, kind, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, symbol);
    }

    /// Runs of 16,384 blocks and up, each as the code and the 14 low bits of its length.
    private static byte[] endOfBandRuns(int blocks) {
        StringBuilder bits = new StringBuilder();
        for (int left = blocks; left > 0; left -= 16_384) {
            bits.append("0".repeat(15));
        }
        bits.append("1".repeat(Math.floorMod(-bits.length(), 8)));
        byte[] bytes = new byte[bits.length() / 8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(bits, 8 * i, (8 * i) + 8, 2);
        }
        return bytes;
    }

    private static void bytes(ByteArrayOutputStream out, int... values) {
        for (int value : values) {
            out.write(value);
        }
    }

    /// A deflated RGB TIFF of one colour with any number of further samples in each pixel, the first of them opaque.
    static byte[] tiff(int width, int height, int samples) {
        byte[] row = new byte[width * samples];
        for (int i = 0; i < row.length; i++) {
            row[i] = (byte) new int[] {200, 100, 40, 255}[Math.min(3, i % samples)];
        }
        byte[] strip = deflated(row, height);
        int entries = 11;
        int bits = 8 + 2 + (12 * entries) + 4;
        int extra = bits + (2 * samples);
        int pixels = extra + (2 * (samples - 3));
        ByteBuffer tiff = ByteBuffer.allocate(pixels + strip.length).order(ByteOrder.LITTLE_ENDIAN);
        tiff.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8).putShort((short) entries);
        entry(tiff, 256, 4, 1, width);
        entry(tiff, 257, 4, 1, height);
        entry(tiff, 258, 3, samples, bits);
        entry(tiff, 259, 3, 1, 8);
        entry(tiff, 262, 3, 1, 2);
        entry(tiff, 273, 4, 1, pixels);
        entry(tiff, 277, 3, 1, samples);
        entry(tiff, 278, 4, 1, height);
        entry(tiff, 279, 4, 1, strip.length);
        entry(tiff, 284, 3, 1, 1);
        // Up to two numbers fit into the entry itself.
        entry(tiff, 338, 3, samples - 3, samples - 3 > 2 ? extra : 2);
        tiff.putInt(0);
        for (int i = 0; i < samples; i++) {
            tiff.putShort((short) 8);
        }
        for (int i = 0; i < samples - 3; i++) {
            tiff.putShort((short) (i == 0 ? 2 : 0));
        }
        return tiff.put(strip).array();
    }

    /// A deflated grey TIFF whose pages have these sizes; one strip of 256 rows stands for all of a page's.
    static byte[] pages(Size... sizes) {
        List<byte[]> strips = Stream.of(sizes)
                .map(size -> deflated(new byte[size.width()], Math.min(ROWS, size.height())))
                .toList();
        int length = 8;
        for (int i = 0; i < sizes.length; i++) {
            length += strips.get(i).length + (8 * Math.ceilDiv(sizes[i].height(), ROWS)) + PAGE;
        }
        ByteBuffer tiff = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        tiff.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(0);
        int link = 4;
        for (int i = 0; i < sizes.length; i++) {
            int strip = tiff.position();
            tiff.put(strips.get(i));
            int count = Math.ceilDiv(sizes[i].height(), ROWS);
            int tables = tiff.position();
            for (int j = 0; j < 2 * count; j++) {
                tiff.putInt(j < count ? strip : strips.get(i).length);
            }
            tiff.putInt(link, tiff.position());
            tiff.putShort((short) 9);
            entry(tiff, 256, 4, 1, sizes[i].width());
            entry(tiff, 257, 4, 1, sizes[i].height());
            entry(tiff, 258, 3, 1, 8);
            entry(tiff, 259, 3, 1, 8);
            entry(tiff, 262, 3, 1, 1);
            entry(tiff, 273, 4, count, count == 1 ? strip : tables);
            entry(tiff, 277, 3, 1, 1);
            entry(tiff, 278, 4, 1, ROWS);
            entry(tiff, 279, 4, count, count == 1 ? strips.get(i).length : tables + (4 * count));
            link = tiff.position();
            tiff.putInt(0);
        }
        return tiff.array();
    }

    private static void entry(ByteBuffer tiff, int tag, int type, int count, int value) {
        tiff.putShort((short) tag).putShort((short) type).putInt(count).putInt(value);
    }

    private static byte[] deflated(byte[] row, int times) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        try (Deflater deflater = new Deflater()) {
            for (int i = 0; i <= times; i++) {
                if (i < times) {
                    deflater.setInput(row);
                } else {
                    deflater.finish();
                }
                for (int n = deflater.deflate(buffer); n > 0; n = deflater.deflate(buffer)) {
                    out.write(buffer, 0, n);
                }
            }
        }
        return out.toByteArray();
    }
}
