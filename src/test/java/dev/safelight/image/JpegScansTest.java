package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.safelight.asset.Reason;
import dev.safelight.testing.Pictures;
import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JpegScansTest {
    @Test
    void tellsPicturesThatComeInSeveralPasses() throws Exception {
        assertThat(JpegScans.check(ByteBuffer.wrap(Pictures.cameraJpeg(40, 30, 1))))
                .isFalse();
        assertThat(JpegScans.check(ByteBuffer.wrap(HostilePictures.progressiveJpeg(64, 2))))
                .isTrue();
    }

    @Test
    void refusesTooManyPasses() {
        assertThatExceptionOfType(ImageRejected.class)
                .isThrownBy(() -> JpegScans.check(ByteBuffer.wrap(HostilePictures.progressiveJpeg(64, 101))))
                .satisfies(e -> assertThat(e.rejection().reason()).isEqualTo(Reason.TOO_LARGE));
    }

    @Property(tries = 500)
    void neverFailsOnAnyBytes(@ForAll byte[] bytes) {
        try {
            JpegScans.check(ByteBuffer.wrap(bytes));
        } catch (ImageRejected e) {
            assertThat(e.rejection().detail()).isNotBlank();
        }
    }
}
