package dev.safelight.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Finds what a delivered picture must not hold: EXIF, GPS positions, XMP, comments.
///
/// It walks the containers itself, so that it does not share the blind spots of the library that wrote them.
public final class PrivateMetadata {
    private static final Set<String> WEBP_METADATA = Set.of("EXIF", "XMP ");
    private static final int FIRST_APP = 0xe0;
    private static final int LAST_APP = 0xef;
    private static final int COMMENT = 0xfe;
    /// JFIF, ICC profile and Adobe's colour transform: how to show the picture, nothing about its maker.
    private static final Set<Integer> HARMLESS = Set.of(0xe0, 0xe2, 0xee);
    private static final int START_OF_SCAN = 0xda;

    private PrivateMetadata() {}

    /// What was found, as words for a message; empty when the picture is clean.
    public static List<String> in(byte[] picture) {
        ByteBuffer bytes = ByteBuffer.wrap(picture);
        if (picture.length > 12
                && text(bytes, 0, 4).equals("RIFF")
                && text(bytes, 8, 4).equals("WEBP")) {
            return ofWebp(bytes.order(ByteOrder.LITTLE_ENDIAN));
        }
        if (picture.length > 4 && bytes.getShort(0) == (short) 0xffd8) {
            return ofJpeg(bytes);
        }
        return List.of("neither JPEG nor WebP");
    }

    private static List<String> ofJpeg(ByteBuffer bytes) {
        List<String> found = new ArrayList<>();
        int at = 2;
        while (at + 4 <= bytes.limit()) {
            int marker = bytes.get(at + 1) & 0xff;
            if (marker == START_OF_SCAN) {
                return found;
            }
            boolean speaks = marker == COMMENT || (marker >= FIRST_APP && marker <= LAST_APP);
            if (speaks && !HARMLESS.contains(marker)) {
                found.add("segment %02X".formatted(marker));
            }
            at += 2 + (bytes.getShort(at + 2) & 0xffff);
        }
        return List.of("no scan");
    }

    private static List<String> ofWebp(ByteBuffer bytes) {
        List<String> found = new ArrayList<>();
        int at = 12;
        while (at + 8 <= bytes.limit()) {
            String chunk = text(bytes, at, 4);
            if (WEBP_METADATA.contains(chunk)) {
                found.add("chunk " + chunk.strip());
            }
            int length = bytes.getInt(at + 4);
            at += 8 + length + (length & 1);
        }
        return found;
    }

    private static String text(ByteBuffer bytes, int at, int length) {
        byte[] text = new byte[length];
        bytes.get(at, text);
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}
