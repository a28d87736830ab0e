package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.testing.Pictures;
import dev.safelight.transform.Gravity;
import dev.safelight.transform.Gravity.Compass;
import dev.safelight.transform.Gravity.Direction;
import dev.safelight.transform.Transformation.Fit;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What geometry does, seen by the four colours of a picture: red and green above, blue and yellow below.
class TransformTest {
    private static final Color RED = new Color(220, 0, 0);
    private static final Color GREEN = new Color(0, 200, 0);
    private static final Color BLUE = new Color(0, 0, 220);
    private static final Color YELLOW = new Color(230, 220, 0);

    private static ImageEngine engine;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void open() {
        engine = new ImageEngine(new ImageLimits(2_000_000, 50, 4_000_000), 2);
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    static BufferedImage quarters(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        Color[] colors = {RED, GREEN, BLUE, YELLOW};
        for (int i = 0; i < 4; i++) {
            pen.setColor(colors[i]);
            pen.fillRect(i % 2 * (width / 2), i / 2 * (height / 2), width / 2, height / 2);
        }
        pen.dispose();
        return image;
    }

    @ParameterizedTest
    @EnumSource(names = {"JPEG", "PNG", "WEBP", "AVIF", "GIF"})
    void writesEachFormatInTheWantedSize(MediaType format) throws Exception {
        Transformed made = transform(
                Pictures.jpeg(400, 300), MediaType.JPEG, Wanted.as(format).fit(Fit.INSIDE, 100, 0));

        Probe probe = engine.probe(file(made.bytes()), format);
        assertThat(new Size(probe.width(), probe.height())).isEqualTo(new Size(100, 75));
        assertThat(new Size(made.width(), made.height())).isEqualTo(new Size(100, 75));
        assertThat(made.format()).isEqualTo(format);
        assertThat(made.frames()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "INSIDE, 100, 100, 100, 50",
        "INSIDE, 0, 40, 80, 40",
        "INSIDE, 900, 0, 400, 200",
        "OUTSIDE, 100, 100, 200, 100",
        "COVER, 100, 100, 100, 100",
        "COVER, 600, 600, 400, 200",
        "COVER_DOWN, 600, 600, 200, 200",
        "FILL, 60, 90, 60, 90",
        "AUTO, 90, 30, 90, 30",
        "AUTO, 30, 90, 30, 15",
    })
    void meetsTheBox(Fit fit, int width, int height, int resultWidth, int resultHeight) throws Exception {
        BufferedImage made = draw(quarters(400, 200), Wanted.as(MediaType.PNG).fit(fit, width, height));

        assertThat(new Size(made.getWidth(), made.getHeight())).isEqualTo(new Size(resultWidth, resultHeight));
    }

    /// Rows come from the decoder once; a result row that is made of many of them is asked for more than once.
    @ParameterizedTest
    @CsvSource({"160, 8", "600, 8", "600, 20"})
    void squeezesATallPictureFlat(int width, int height) throws Exception {
        Wanted wanted = Wanted.as(MediaType.PNG).fit(Fit.FILL, width, height);
        byte[] tall = Pictures.encoded(quarters(900, 1800), "jpg");

        BufferedImage made =
                Pictures.decoded(transform(tall, MediaType.JPEG, wanted).bytes());

        assertThat(new Size(made.getWidth(), made.getHeight())).isEqualTo(new Size(width, height));
        assertColor(made, 10, 1, RED);
        assertColor(made, width - 10, height - 2, YELLOW);
    }

    @ParameterizedTest
    @CsvSource({"NORTHWEST, RED", "NORTHEAST, GREEN", "SOUTHWEST, BLUE", "SOUTHEAST, YELLOW"})
    void cropsTowardsItsGravity(Direction direction, String color) throws Exception {
        Gravity gravity = new Compass(direction, 0, 0);

        BufferedImage fraction = draw(quarters(80, 60), Wanted.as(MediaType.PNG).crop(0.5, 0.5, gravity));
        BufferedImage pixels = draw(quarters(80, 60), Wanted.as(MediaType.PNG).crop(20, 20, gravity));

        assertThat(new Size(fraction.getWidth(), fraction.getHeight())).isEqualTo(new Size(40, 30));
        assertThat(new Size(pixels.getWidth(), pixels.getHeight())).isEqualTo(new Size(20, 20));
        for (BufferedImage made : java.util.List.of(fraction, pixels)) {
            assertColor(made, 1, 1, color(color));
            assertColor(made, made.getWidth() - 2, made.getHeight() - 2, color(color));
        }
    }

    @Test
    void refusesAResultAboveTheLimits() {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> transform(
                        Pictures.png(40, 30),
                        MediaType.PNG,
                        Wanted.as(MediaType.PNG).fit(Fit.FILL, 16000, 16000).enlarge()))
                .withMessageContaining("16000 x 16000")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Failure.Kind.INVALID));
    }

    private static Color color(String name) {
        return switch (name) {
            case "RED" -> RED;
            case "GREEN" -> GREEN;
            case "BLUE" -> BLUE;
            default -> YELLOW;
        };
    }

    private static void assertColor(BufferedImage image, int x, int y, Color wanted) {
        Color found = new Color(image.getRGB(x, y));
        assertThat(Math.abs(found.getRed() - wanted.getRed())
                        + Math.abs(found.getGreen() - wanted.getGreen())
                        + Math.abs(found.getBlue() - wanted.getBlue()))
                .as("%d,%d is %s, not %s", x, y, found, wanted)
                .isLessThan(24);
    }

    private static BufferedImage draw(BufferedImage picture, Wanted wanted) throws Exception {
        return Pictures.decoded(transform(Pictures.encoded(picture, "png"), MediaType.PNG, wanted)
                .bytes());
    }

    private static Transformed transform(byte[] bytes, MediaType type, Wanted wanted) throws Exception {
        Path file = file(bytes);
        Probe probe = engine.probe(file, type);
        return engine.transform(new TransformSource(file, type, probe.width(), probe.height()), wanted.value());
    }

    private static Path file(byte[] bytes) throws IOException {
        return Files.write(Files.createTempFile(folder, "picture", ".bin"), bytes);
    }
}
