package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Reason;
import dev.safelight.testing.Pictures;
import dev.safelight.transform.Gravity;
import dev.safelight.transform.Gravity.Compass;
import dev.safelight.transform.Gravity.Direction;
import dev.safelight.transform.Transformation.Fit;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        engine = new ImageEngine(new ImageLimits(4_000_000, 50, 4_000_000), 2);
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

    /// Which rows a reduction asks for, and when, depends on both sizes; a decoder gives each of them once.
    @ParameterizedTest
    @CsvSource({
        "PNG, 700, 700", "PNG, 1500, 1000", "PNG, 2000, 1500", "JPEG, 1500, 1000", "JPEG, 700, 700",
        "GIF, 1500, 1000", "GIF, 700, 700", "TIFF, 700, 700", "TIFF, 1500, 1000", "TIFF, 300, 2000"
    })
    void readsRowsInOrderAtAnyReduction(MediaType type, int width, int height) throws Exception {
        byte[] bytes = type == MediaType.TIFF
                ? HostilePictures.tiff(width, height, 4)
                : Pictures.encoded(quarters(width, height), type.extension());
        Path picture = file(bytes);
        TransformSource source = new TransformSource(picture, type, width, height);

        for (int side : new int[] {3, 50, 100, 150, 160, 200, 320, 640}) {
            for (Fit fit : new Fit[] {Fit.INSIDE, Fit.COVER}) {
                Wanted wanted = Wanted.as(MediaType.WEBP).fit(fit, side, fit == Fit.COVER ? side / 3 : 0);

                Transformed made = engine.transform(source, wanted.value());

                assertThat(made.width()).as("%s %d", fit, side).isEqualTo(Math.min(side, width));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"NORTHWEST, RED", "NORTHEAST, GREEN", "SOUTHWEST, BLUE", "SOUTHEAST, YELLOW"})
    void cropsTowardsItsGravity(Direction direction, String color) throws Exception {
        Gravity gravity = new Compass(direction, 0, 0);

        BufferedImage fraction = draw(quarters(80, 60), Wanted.as(MediaType.PNG).crop(0.5, 0.5, gravity));
        BufferedImage pixels = draw(quarters(80, 60), Wanted.as(MediaType.PNG).crop(20, 20, gravity));

        assertThat(new Size(fraction.getWidth(), fraction.getHeight())).isEqualTo(new Size(40, 30));
        assertThat(new Size(pixels.getWidth(), pixels.getHeight())).isEqualTo(new Size(20, 20));
        for (BufferedImage made : List.of(fraction, pixels)) {
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

    @ParameterizedTest
    @CsvSource({
        "0, false, false, RED, GREEN, BLUE, YELLOW",
        "90, false, false, BLUE, RED, YELLOW, GREEN",
        "180, false, false, YELLOW, BLUE, GREEN, RED",
        "270, false, false, GREEN, YELLOW, RED, BLUE",
        "0, true, false, GREEN, RED, YELLOW, BLUE",
        "0, false, true, BLUE, YELLOW, RED, GREEN",
        "90, true, false, RED, BLUE, GREEN, YELLOW",
    })
    void turns(int degrees, boolean flipX, boolean flipY, String a, String b, String c, String d) throws Exception {
        BufferedImage made = draw(quarters(80, 40), Wanted.as(MediaType.PNG).turn(true, degrees, flipX, flipY));

        boolean lying = degrees % 180 == 0;
        assertThat(new Size(made.getWidth(), made.getHeight())).isEqualTo(lying ? new Size(80, 40) : new Size(40, 80));
        assertColors(made, a, b, c, d);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void followsTheCameraUnlessToldNotTo(int orientation) throws Exception {
        byte[] camera = Pictures.cameraJpeg(400, 300, orientation);

        BufferedImage upright = Pictures.decoded(
                transform(camera, MediaType.JPEG, Wanted.as(MediaType.PNG).fit(Fit.INSIDE, 200, 200))
                        .bytes());
        BufferedImage stored = Pictures.decoded(
                transform(camera, MediaType.JPEG, Wanted.as(MediaType.PNG).turn(false, 0, false, false))
                        .bytes());

        assertThat(upright.getWidth()).isEqualTo(orientation >= 5 ? 150 : 200);
        assertThat(Pictures.psnr(stored, Pictures.scene(400, 300))).isGreaterThan(30);
        BufferedImage first = Pictures.decoded(transform(
                        Pictures.jpeg(400, 300),
                        MediaType.JPEG,
                        undone(orientation).fit(Fit.INSIDE, 200, 200))
                .bytes());
        assertThat(Pictures.psnr(upright, first)).isGreaterThan(30);
    }

    /// What turns a picture as the table of the EXIF standard says.
    private static Wanted undone(int orientation) {
        Wanted png = Wanted.as(MediaType.PNG);
        return switch (orientation) {
            case 2 -> png.turn(true, 0, true, false);
            case 3 -> png.turn(true, 180, false, false);
            case 4 -> png.turn(true, 0, false, true);
            case 5 -> png.turn(true, 90, true, false);
            case 6 -> png.turn(true, 90, false, false);
            case 7 -> png.turn(true, 90, false, true);
            case 8 -> png.turn(true, 270, false, false);
            default -> png;
        };
    }

    @Test
    void cropsInPixelsOfTheOriginalWhateverTheSizeOfTheFile() throws Exception {
        byte[] original = Pictures.jpeg(1600, 1200);
        Wanted wanted = Wanted.as(MediaType.PNG)
                .crop(600, 500, new Compass(Direction.NORTHWEST, 100, 60))
                .fit(Fit.INSIDE, 150, 0);
        Path small = file(
                transform(original, MediaType.JPEG, Wanted.as(MediaType.JPEG).fit(Fit.INSIDE, 800, 0))
                        .bytes());

        BufferedImage direct =
                Pictures.decoded(transform(original, MediaType.JPEG, wanted).bytes());
        BufferedImage mediated = Pictures.decoded(
                engine.transform(new TransformSource(small, MediaType.JPEG, 1600, 1200), wanted.value())
                        .bytes());

        assertThat(new Size(mediated.getWidth(), mediated.getHeight())).isEqualTo(new Size(150, 125));
        assertThat(Pictures.psnr(direct, mediated)).isGreaterThan(32);
    }

    @Test
    void keepsThePointInThePicture() throws Exception {
        Wanted png = Wanted.as(MediaType.PNG);

        BufferedImage made = draw(quarters(80, 40), png.fit(Fit.COVER, 10, 40, new Gravity.Point(0.9, 0.5)));

        assertColors(made, "GREEN", "GREEN", "YELLOW", "YELLOW");
    }

    @ParameterizedTest
    @CsvSource({"0, false, false", "90, false, false", "180, true, false", "270, false, true", "90, true, true"})
    void followsTheFocalPointThroughTurningAndCropping(int degrees, boolean flipX, boolean flipY) throws Exception {
        BufferedImage image = new BufferedImage(120, 90, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        pen.setColor(RED);
        pen.fillRect(84, 12, 24, 24);
        pen.dispose();
        Gravity focal = new Gravity.Focal(new Gravity.Point(96 / 120.0, 24 / 90.0));

        BufferedImage part = draw(
                image,
                Wanted.as(MediaType.PNG)
                        .turn(true, degrees, flipX, flipY)
                        .crop(0.7, 0.7, focal)
                        .fit(Fit.COVER, 20, 20, focal));
        BufferedImage tight = draw(
                image,
                Wanted.as(MediaType.PNG).turn(true, degrees, flipX, flipY).crop(20, 20, focal));

        assertColor(tight, 10, 10, RED);
        assertColor(tight, 1, 1, RED);
        assertThat(count(part, RED)).isGreaterThan(4);
    }

    @Test
    void findsWhatCatchesTheEye() throws Exception {
        BufferedImage plain = new BufferedImage(400, 100, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = plain.createGraphics();
        pen.setColor(Color.LIGHT_GRAY);
        pen.fillRect(0, 0, 400, 100);
        pen.setColor(RED);
        pen.fillOval(330, 30, 40, 40);
        pen.dispose();
        Gravity smart = new Gravity.Smart();

        BufferedImage cut = draw(plain, Wanted.as(MediaType.PNG).fit(Fit.COVER, 100, 100, smart));
        BufferedImage cropped = draw(plain, Wanted.as(MediaType.PNG).crop(100, 100, smart));

        assertThat(count(cut, RED)).isGreaterThan(1000);
        assertThat(count(cropped, RED)).isGreaterThan(1000);
    }

    @Test
    void trimsEdgesOfOneColour() throws Exception {
        BufferedImage framed = new BufferedImage(100, 80, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = framed.createGraphics();
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, 100, 80);
        pen.setColor(BLUE);
        pen.fillRect(10, 20, 60, 40);
        pen.dispose();
        Wanted png = Wanted.as(MediaType.PNG);

        assertThat(size(draw(framed, png.trim(10, null, false, false)))).isEqualTo(new Size(60, 40));
        assertThat(size(draw(framed, png.trim(10, null, true, false)))).isEqualTo(new Size(80, 40));
        dev.safelight.transform.Color black = new dev.safelight.transform.Color(0, 0, 0, 255);
        assertThat(size(draw(framed, png.trim(10, black, false, false)))).isEqualTo(new Size(100, 80));
        BufferedImage empty = new BufferedImage(30, 20, BufferedImage.TYPE_INT_RGB);
        assertThat(size(draw(empty, png.trim(10, null, false, false)))).isEqualTo(new Size(30, 20));
    }

    @Test
    void cutsTheMiddleOutOfATiff() throws Exception {
        BufferedImage made = Pictures.decoded(transform(
                        HostilePictures.tiff(60, 90, 5),
                        MediaType.TIFF,
                        Wanted.as(MediaType.PNG).fit(Fit.COVER, 30, 10))
                .bytes());

        assertThat(size(made)).isEqualTo(new Size(30, 10));
        assertColor(made, 15, 5, new Color(200, 100, 40));
    }

    @Test
    void takesEachPageOfATiffAtItsOwnSize() throws Exception {
        byte[] tiff = HostilePictures.pages(new Size(300, 200), new Size(200, 600));

        Transformed whole =
                transform(tiff, MediaType.TIFF, Wanted.as(MediaType.PNG).frames(1, true));
        Transformed part = transform(
                tiff, MediaType.TIFF, Wanted.as(MediaType.PNG).frames(1, true).crop(0.5, 0.5, Gravity.CENTER));

        assertThat(new Size(whole.width(), whole.height())).isEqualTo(new Size(200, 600));
        assertThat(new Size(part.width(), part.height())).isEqualTo(new Size(100, 300));
    }

    @Test
    void refusesAPageThatIsTooLargeBehindASmallOne() throws Exception {
        byte[] tiff = HostilePictures.pages(new Size(300, 200), new Size(9000, 9000), new Size(20, 10));

        assertThatExceptionOfType(ImageRejected.class)
                .isThrownBy(() ->
                        transform(tiff, MediaType.TIFF, Wanted.as(MediaType.PNG).frames(1, true)))
                .withMessageContaining("9000 x 9000")
                .satisfies(e -> assertThat(e.rejection().reason()).isEqualTo(Reason.TOO_LARGE));
        assertThat(transform(tiff, MediaType.TIFF, Wanted.as(MediaType.PNG).frames(2, true))
                        .width())
                .isEqualTo(20);
    }

    /// The focal point is known of the upright picture, whose bottom left is the top left of what the camera stored.
    @ParameterizedTest
    @CsvSource({
        "6, 0.1, 0.1, BLUE",
        "6, 0.9, 0.1, RED",
        "6, 0.1, 0.9, YELLOW",
        "6, 0.9, 0.9, GREEN",
        "8, 0.1, 0.1, GREEN",
        "8, 0.9, 0.1, YELLOW",
        "5, 0.9, 0.1, BLUE",
        "3, 0.1, 0.1, YELLOW",
        "2, 0.1, 0.1, GREEN"
    })
    void findsTheFocalPointInAPictureThatIsLeftAsStored(int orientation, double x, double y, String color)
            throws Exception {
        byte[] camera = FootprintTest.turned(Pictures.encoded(quarters(120, 80), "png"), orientation);
        Gravity focal = new Gravity.Focal(new Gravity.Point(x, y));

        for (boolean auto : new boolean[] {true, false}) {
            Wanted wanted = Wanted.as(MediaType.PNG).turn(auto, 0, false, false).crop(20, 20, focal);

            BufferedImage made =
                    Pictures.decoded(transform(camera, MediaType.PNG, wanted).bytes());

            assertColor(made, 10, 10, color(color));
        }
    }

    @Test
    void refusesAPageThatDoesNotExist() {
        byte[] gif = Pictures.animatedGif(40, 20, 3, 5);

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() ->
                        transform(gif, MediaType.GIF, Wanted.as(MediaType.PNG).frames(3, false)))
                .withMessageContaining("3 pages or frames")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Failure.Kind.INVALID));
    }

    @Test
    void drawsAVectorLargerThanItIs() throws Exception {
        byte[] svg = Pictures.svg(40, 20, "<rect width='20' height='20' fill='#0000dc'/>")
                .getBytes(StandardCharsets.UTF_8);

        BufferedImage made = Pictures.decoded(
                transform(svg, MediaType.SVG, Wanted.as(MediaType.PNG).fit(Fit.INSIDE, 800, 0))
                        .bytes());

        assertThat(size(made)).isEqualTo(new Size(800, 400));
        assertColor(made, 398, 200, BLUE);
        assertThat(new Color(made.getRGB(402, 200), true).getAlpha()).isZero();
    }

    private static int count(BufferedImage image, Color color) {
        int count = 0;
        for (int i = 0; i < image.getWidth() * image.getHeight(); i++) {
            count +=
                    (image.getRGB(i % image.getWidth(), i / image.getWidth()) & 0xffffff) == (color.getRGB() & 0xffffff)
                            ? 1
                            : 0;
        }
        return count;
    }

    private static Size size(BufferedImage image) {
        return new Size(image.getWidth(), image.getHeight());
    }

    private static void assertColors(BufferedImage made, String a, String b, String c, String d) {
        int right = made.getWidth() - 2;
        int bottom = made.getHeight() - 2;
        assertColor(made, 1, 1, color(a));
        assertColor(made, right, 1, color(b));
        assertColor(made, 1, bottom, color(c));
        assertColor(made, right, bottom, color(d));
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
