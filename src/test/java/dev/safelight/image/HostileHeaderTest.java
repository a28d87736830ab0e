package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.MediaType;
import dev.safelight.testing.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Outsiders' bytes end as a probe or as a verdict, never as a crash.
class HostileHeaderTest {
    private static final ImageLimits LIMITS = new ImageLimits(1_000_000, 50, 1_000_000);
    private static final List<byte[]> WHOLE =
            List.of(Pictures.cameraJpeg(40, 30, 6), Pictures.png(40, 30), Pictures.animatedGif(20, 10, 3, 5));

    // Its threads are daemons, and jqwik offers no place to close it that the compiler can see.
    private static final ImageEngine ENGINE = new ImageEngine(LIMITS, 1);

    @Provide
    Arbitrary<MediaType> images() {
        Set<MediaType> readable = ENGINE.report().readable();
        return Arbitraries.of(readable);
    }

    @Property(tries = 300)
    void anyBytes(@ForAll byte[] bytes, @ForAll("images") MediaType type) throws IOException {
        attempt(bytes, file -> assertThat(ENGINE.probe(file, type).width()).isPositive());
    }

    @Property(tries = 300)
    void mutatedPictures(@ForAll int which, @ForAll int position, @ForAll byte value, @ForAll int end)
            throws IOException {
        int index = Math.floorMod(which, WHOLE.size());
        byte[] bytes = WHOLE.get(index).clone();
        bytes[Math.floorMod(position, Math.min(bytes.length, 200))] = value;
        bytes = end % 3 == 0 ? Arrays.copyOf(bytes, Math.floorMod(end, bytes.length)) : bytes;
        MediaType type = List.of(MediaType.JPEG, MediaType.PNG, MediaType.GIF).get(index);
        VariantSpec spec = new VariantSpec("a", MediaType.WEBP, VariantSpec.Fit.INSIDE, 16, 16, 80, 0);
        attempt(
                bytes,
                file -> assertThat(ENGINE.render(file, type, List.of(spec)).variants())
                        .hasSize(1));
    }

    private interface Use {
        void of(Path file) throws ImageRejected;
    }

    private static void attempt(byte[] bytes, Use use) throws IOException {
        Path file = Files.write(Files.createTempFile("hostile", ".bin"), bytes);
        try {
            use.of(file);
        } catch (ImageRejected e) {
            assertThat(e.rejection().detail()).isNotBlank();
        } finally {
            Files.delete(file);
        }
    }
}
