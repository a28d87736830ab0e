package dev.safelight.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// Takes the metadata chunks out of a WebP (RFC 9649): libvips 8.14 adds EXIF even when it is told to strip.
final class WebpMetadata {
    private static final int HEADER = 12;
    private static final int CHUNK_HEADER = 8;
    private static final Set<String> METADATA = Set.of("EXIF", "XMP ", "ICCP");

    /// The bits of `VP8X` that announce the metadata chunks: profile, EXIF, XMP.
    private static final int FLAGS = 0x20 | 0x08 | 0x04;

    private WebpMetadata() {}

    static byte[] removed(byte[] webp) {
        ByteBuffer file = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN);
        ByteArrayOutputStream kept = new ByteArrayOutputStream(webp.length);
        kept.write(webp, 0, HEADER);
        int position = HEADER;
        while (position + CHUNK_HEADER <= webp.length) {
            int length = file.getInt(position + 4);
            int end = Math.min(webp.length, position + CHUNK_HEADER + length + (length & 1));
            String name = new String(webp, position, 4, StandardCharsets.ISO_8859_1);
            if (name.equals("VP8X")) {
                webp[position + CHUNK_HEADER] &= (byte) ~FLAGS;
            }
            if (!METADATA.contains(name)) {
                kept.write(webp, position, end - position);
            }
            position = end;
        }
        byte[] plain = kept.toByteArray();
        ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN).putInt(4, plain.length - 8);
        return plain;
    }
}
