package dev.safelight.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads the chunks of a WebP file without the library under test.
final class WebpFrames {
    private WebpFrames() {}

    /// The names of all chunks, such as `VP8X`, `EXIF` or `ICCP`.
    static List<String> chunks(byte[] webp) {
        List<String> names = new ArrayList<>();
        walk(webp, (name, _) -> names.add(name));
        return names;
    }

    /// How long each frame is shown, in milliseconds.
    static List<Integer> durations(byte[] webp) {
        List<Integer> durations = new ArrayList<>();
        walk(webp, (name, data) -> {
            if (name.equals("ANMF")) {
                durations.add(data.getInt(12) & 0xffffff);
            }
        });
        return durations;
    }

    /// How often the animation plays; 0 for ever.
    static int loops(byte[] webp) {
        List<Integer> loops = new ArrayList<>();
        walk(webp, (name, data) -> {
            if (name.equals("ANIM")) {
                loops.add(data.getShort(4) & 0xffff);
            }
        });
        return loops.getFirst();
    }

    private interface Visitor {
        void visit(String name, ByteBuffer data);
    }

    private static void walk(byte[] webp, Visitor visitor) {
        ByteBuffer file = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN);
        int position = 12;
        while (position + 8 <= webp.length) {
            String name = new String(webp, position, 4, StandardCharsets.ISO_8859_1);
            int length = file.getInt(position + 4);
            visitor.visit(name, file.slice(position + 8, length).order(ByteOrder.LITTLE_ENDIAN));
            position += 8 + length + (length % 2);
        }
    }
}
