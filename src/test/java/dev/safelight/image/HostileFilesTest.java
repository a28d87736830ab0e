package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.safelight.asset.MediaType;
import dev.safelight.asset.Reason;
import dev.safelight.image.VariantSpec.Fit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every malformed picture ever found, replayed against every reader; a file's name begins with its verdict.
@Timeout(20)
class HostileFilesTest {
    private static final Path FOLDER = Path.of("src/test/resources/hostile/pictures");
    private static final List<VariantSpec> SPECS =
            List.of(new VariantSpec("a", MediaType.WEBP, Fit.INSIDE, 100, 100, 80, 0));

    private static ImageEngine engine;

    @BeforeAll
    static void open() {
        engine = new ImageEngine(ImageLimits.DEFAULT, 2);
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void isRefusedWhateverItClaimsToBe(Path file) {
        String name = file.getFileName().toString();
        MediaType own = MediaType.ofFileName(name).orElseThrow();
        for (Reader reader : Reader.values()) {
            Reason reason = reason(file, reader.mediaType());
            if (reader.mediaType() == own) {
                assertThat(name).startsWith(reason.text() + "-");
            } else {
                assertThat(reason).isIn(Reason.CORRUPT, Reason.UNSUPPORTED, Reason.TOO_LARGE);
            }
        }
    }

    private static Reason reason(Path file, MediaType type) {
        ImageRejected rejected = catchThrowableOfType(ImageRejected.class, () -> engine.render(file, type, SPECS));
        return Objects.requireNonNull(rejected, "accepted").rejection().reason();
    }
}
