package dev.safelight.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.Base64;
import javax.imageio.ImageIO;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class PlaceholderTest {
    private static final String EXAMPLE = "1QcSHQRnh493V4dIh4eXh1h4kJUI";

    @Example
    void drawsTheProportionsOfThePicture() throws Exception {
        String uri = Placeholder.ofThumbHash(EXAMPLE).orElseThrow();
        assertThat(uri).startsWith("data:image/png;base64,");
        byte[] png = Base64.getDecoder().decode(uri.substring("data:image/png;base64,".length()));
        var image = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(image.getWidth()).isEqualTo(23);
        assertThat(image.getHeight()).isEqualTo(32);
        assertThat(image.getRGB(16, 16) >>> 24).isEqualTo(255);
    }

    @Example
    void drawsOneColourWhenNothingVaries() {
        // L 63/63, P and Q in the middle, all scales 0, 7 by 7 coefficients.
        byte[] hash = new byte[64];
        int header = 63 | 31 << 6 | 31 << 12;
        hash[0] = (byte) header;
        hash[1] = (byte) (header >> 8);
        hash[2] = (byte) (header >> 16);
        hash[3] = 7;
        ThumbHash.Picture picture = ThumbHash.decode(hash).orElseThrow();
        assertThat(picture.width()).isEqualTo(32);
        assertThat(picture.height()).isEqualTo(32);
        assertThat(picture.argb()).containsOnly(picture.argb()[0]);
        assertThat(picture.argb()[0] >> 8 & 255).isGreaterThan(240);
    }

    @Example
    void anythingElseHasNoPlaceholder() {
        assertThat(Placeholder.ofThumbHash("")).isEmpty();
        assertThat(Placeholder.ofThumbHash("not base64!")).isEmpty();
        assertThat(Placeholder.ofThumbHash(EXAMPLE.substring(0, 16))).isEmpty();
    }

    @Property
    void drawsAnyBytesOrNone(@ForAll @Size(max = 40) byte[] hash) {
        ThumbHash.decode(hash)
                .ifPresent(picture -> assertThat(picture.argb()).hasSize(picture.width() * picture.height()));
    }
}
