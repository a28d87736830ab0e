package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.testing.Pictures;
import dev.safelight.transform.Gravity;
import dev.safelight.transform.Transformation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class CrashJournalTest {
    @TempDir
    private Path folder;

    /// A process that dies while it works on a picture.
    static final class Crashing {
        private Crashing() {}

        @SuppressWarnings("restricted")
        public static void main(String[] arguments) throws Exception {
            CrashJournal journal = CrashJournal.open(Path.of(arguments[0]), InstantSource.system());
            journal.during("harmless", () -> true);
            journal.during(arguments[1], () -> {
                if (arguments[2].equals("halt")) {
                    Runtime.getRuntime().halt(9);
                }
                MemorySegment.ofAddress(8).reinterpret(64).set(ValueLayout.JAVA_INT, 0, 1);
                return true;
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"halt", "segfault"})
    void refusesAPictureThatHasEndedTheProcessThrice(String way) throws Exception {
        Path file = folder.resolve("crashes");

        assertThat(crash(file, "poison", way)).isNotZero();
        assertThat(crash(file, "poison", way)).isNotZero();
        assertThatCode(() -> journal(file, Instant.now()).check("poison")).doesNotThrowAnyException();
        assertThat(crash(file, "poison", way)).isNotZero();

        CrashJournal journal = journal(file, Instant.now());
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> journal.check("poison"))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Failure.Kind.UNSUPPORTED));
        assertThatCode(() -> journal.check("harmless")).doesNotThrowAnyException();
        assertThatCode(() ->
                        journal(file, Instant.now().plus(Duration.ofHours(25))).check("poison"))
                .doesNotThrowAnyException();
    }

    @Test
    void countsNothingForWorkThatEnds() throws Exception {
        Path file = folder.resolve("crashes");

        for (int i = 0; i < 3; i++) {
            CrashJournal journal = journal(file, Instant.now());
            assertThat(journal.during("fine", () -> 7)).isEqualTo(7);
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> journal.during("fine", () -> {
                        throw new IllegalStateException();
                    }));
        }

        assertThatCode(() -> journal(file, Instant.now()).check("fine")).doesNotThrowAnyException();
    }

    @Test
    void keepsNativeCodeFromSuchAPicture() throws Exception {
        Path picture = Files.write(folder.resolve("a.png"), Pictures.png(40, 30));
        Path first = left(folder.resolve("0"), "asset-1");
        Path second = left(first, "asset-1");
        Path third = left(second, "asset-1");
        TransformSource source = new TransformSource(picture, MediaType.PNG, 40, 30);
        Transformation wanted = Wanted.as(MediaType.JPEG).value();

        try (ImageEngine engine = new ImageEngine(ImageLimits.DEFAULT, 1, journal(third, Instant.now()))) {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> engine.transform("asset-1", source, wanted))
                    .withMessageContaining("crashed");
            assertThat(engine.transform("asset-2", source, wanted).width()).isEqualTo(40);
            assertThat(engine.isHealthy()).isTrue();
        }
        try (ImageEngine engine = new ImageEngine(ImageLimits.DEFAULT, 1, journal(second, Instant.now()))) {
            assertThat(engine.transform("asset-1", source, wanted).width()).isEqualTo(40);
        }
    }

    @Test
    void blamesAWatermarkAndNotThePicturesUnderIt() throws Exception {
        Path picture = Files.write(folder.resolve("a.png"), Pictures.png(40, 30));
        Path third = left(left(left(folder.resolve("0"), "mark-1"), "mark-1"), "mark-1");
        Transformation wanted = Wanted.as(MediaType.JPEG)
                .watermark(1, Gravity.Direction.CENTER, 0, 0, 0.5)
                .value();

        try (ImageEngine engine = new ImageEngine(ImageLimits.DEFAULT, 1, journal(third, Instant.now()))) {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> engine.transform("asset-1", marked(picture, "mark-1"), wanted))
                    .withMessageContaining("The watermark has crashed");
            assertThat(engine.transform("asset-1", marked(picture, "mark-2"), wanted)
                            .width())
                    .isEqualTo(40);
        }
    }

    private static TransformSource marked(Path picture, String key) {
        return new TransformSource(picture, MediaType.PNG, 40, 30, picture, MediaType.PNG, key);
    }

    /// The file as a process leaves it behind that ends during the work.
    private static Path left(Path file, String key) throws Exception {
        return journal(file, Instant.now())
                .during(key, () -> Files.copy(file, file.resolveSibling(file.getFileName() + "x")));
    }

    @Test
    void startsAnewFromAFileThatIsSomethingElse() throws Exception {
        Path file = Files.write(folder.resolve("crashes"), new byte[777]);

        assertThat(journal(file, Instant.now()).during("a", () -> 1)).isEqualTo(1);
        assertThat(journal(file, Instant.now()).during("b", () -> 2)).isEqualTo(2);
    }

    private static CrashJournal journal(Path file, Instant now) throws Exception {
        return CrashJournal.open(file, InstantSource.fixed(now));
    }

    private static int crash(Path file, String key, String way) throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=" + file.resolveSibling("hs_err.log"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Crashing.class.getName(),
                        file.toString(),
                        key,
                        way)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
