package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WebpMetadataTest {
    @Test
    void removesMetadataAndItsAnnouncementOnly() {
        ByteBuffer webp = ByteBuffer.allocate(70).order(ByteOrder.LITTLE_ENDIAN);
        put(webp, "RIFF").putInt(62);
        put(webp, "WEBP");
        put(webp, "VP8X").putInt(10).put((byte) 0x3e).put(new byte[9]);
        put(webp, "ICCP").putInt(3).put(new byte[4]);
        put(webp, "VP8L").putInt(4).putInt(7);
        put(webp, "EXIF").putInt(4).putInt(9);

        byte[] plain = WebpMetadata.removed(Arrays.copyOf(webp.array(), webp.position()));

        assertThat(WebpFrames.chunks(plain)).containsExactly("VP8X", "VP8L");
        assertThat(plain[20]).isEqualTo((byte) 0x12);
        assertThat(ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN).getInt(4))
                .isEqualTo(plain.length - 8);
    }

    private static ByteBuffer put(ByteBuffer webp, String name) {
        return webp.put(name.getBytes(StandardCharsets.ISO_8859_1));
    }
}
