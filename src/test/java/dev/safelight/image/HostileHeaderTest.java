package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.MediaType;
import dev.safelight.testing.Pictures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
    private static final ImageLimits LIMITS =
            new ImageLimits(1_000_000, 50, 1_000_000, 4_000_000, Duration.ofSeconds(10));
    private static final List<MediaType> TYPES = List.of(
            MediaType.JPEG,
            MediaType.PNG,
            MediaType.GIF,
            MediaType.TIFF,
            MediaType.SVG,
            MediaType.WEBP,
            MediaType.AVIF);

    // Its threads are daemons, and jqwik offers no place to close it that the compiler can see.
    private static final ImageEngine ENGINE = new ImageEngine(LIMITS, 1);

    private static final List<byte[]> WHOLE =
            TYPES.stream().map(HostileHeaderTest::whole).toList();

    private static byte[] whole(MediaType type) {
        return switch (type) {
            case JPEG -> Pictures.cameraJpeg(40, 30, 6);
            case PNG -> Pictures.png(40, 30);
            case GIF -> Pictures.animatedGif(20, 10, 3, 5);
            case TIFF -> HostilePictures.tiff(40, 30, 5);
            case SVG ->
                Pictures.svg(40, 30, "<g id='a'><path d='M0 0h9v9z' style='fill:red'/></g><use href='#a'/>")
                        .getBytes(StandardCharsets.UTF_8);
            default -> encoded(type);
        };
    }

    private static byte[] encoded(MediaType type) {
        try {
            Path file = Files.write(Files.createTempFile("whole", ".png"), Pictures.png(40, 30));
            VariantSpec spec = new VariantSpec("a", type, VariantSpec.Fit.INSIDE, 0, 0, 80, 0);
            byte[] bytes = ENGINE.render(file, MediaType.PNG, List.of(spec))
                    .variants()
                    .getFirst()
                    .bytes();
            Files.delete(file);
            return bytes;
        } catch (IOException | ImageRejected e) {
            throw new IllegalStateException(e);
        }
    }

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
        bytes[Math.floorMod(position, Math.min(bytes.length, 400))] = value;
        bytes = end % 3 == 0 ? Arrays.copyOf(bytes, Math.floorMod(end, bytes.length)) : bytes;
        MediaType type = TYPES.get(index);
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
