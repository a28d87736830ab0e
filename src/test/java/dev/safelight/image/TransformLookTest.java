package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.MediaType;
import dev.safelight.testing.Pictures;
import dev.safelight.transform.Gravity;
import dev.safelight.transform.Gravity.Direction;
import dev.safelight.transform.Transformation.Fit;
import dev.safelight.transform.Transformation.Padding;
import dev.safelight.transform.Transformation.Quality;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What is done to the look of a picture: effects, canvas, watermark, animation, quality.
class TransformLookTest {
    private static final Wanted PNG = Wanted.as(MediaType.PNG);

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

    @Test
    void keepsTheSizeUnderEveryEffect() throws Exception {
        byte[] picture = Pictures.transparentPng(203, 101);
        List<Wanted> effects = List.of(
                PNG.effects(3, 0, 0, false),
                PNG.effects(90, 0, 0, false),
                PNG.effects(0, 5, 0, false),
                PNG.effects(0, 0, 17, false),
                PNG.effects(0, 0, 900, false),
                PNG.effects(2, 1, 7, true));

        for (Wanted wanted : effects) {
            BufferedImage made = decoded(picture, MediaType.PNG, wanted);
            assertThat(List.of(made.getWidth(), made.getHeight())).containsExactly(203, 101);
            assertThat(made.getColorModel().hasAlpha()).isTrue();
        }
    }

    @Test
    void blursWithoutDarkEdgesWhereItIsTransparent() throws Exception {
        BufferedImage made = decoded(Pictures.transparentPng(200, 100), MediaType.PNG, PNG.effects(4, 0, 0, false));

        // Between the bar at the bottom and nothing: half transparent, and still the colour of the bar.
        Color edge = new Color(made.getRGB(100, 80), true);
        assertThat(edge.getAlpha()).isBetween(40, 215);
        assertThat(edge.getBlue()).isBetween(150, 210);
    }

    @Test
    void pixelatesIntoSquaresOfOneColour() throws Exception {
        BufferedImage made = decoded(Pictures.png(100, 60), MediaType.PNG, PNG.effects(0, 0, 20, false));

        assertThat(made.getRGB(1, 1)).isEqualTo(made.getRGB(18, 18));
        assertThat(made.getRGB(1, 1)).isNotEqualTo(made.getRGB(98, 58));
    }

    @Test
    void takesColourAway() throws Exception {
        BufferedImage made = decoded(Pictures.png(60, 40), MediaType.PNG, PNG.effects(0, 0, 0, true));

        Color found = new Color(made.getRGB(15, 10));
        assertThat(found.getRed()).isEqualTo(found.getGreen()).isEqualTo(found.getBlue());
    }

    @Test
    void extendsAndPadsTransparentlyWhereTheFormatCan() throws Exception {
        Wanted square = PNG.fit(Fit.INSIDE, 100, 100).canvas(Gravity.CENTER, null, new Padding(1, 2, 3, 4), null);

        BufferedImage png = decoded(Pictures.png(400, 200), MediaType.PNG, square);
        BufferedImage jpeg = decoded(
                Pictures.png(400, 200),
                MediaType.PNG,
                Wanted.as(MediaType.JPEG)
                        .with(square.value().resize())
                        .with(square.value().canvas()));

        assertThat(List.of(png.getWidth(), png.getHeight())).containsExactly(106, 104);
        assertThat(new Color(png.getRGB(50, 10), true).getAlpha()).isZero();
        assertThat(new Color(png.getRGB(50, 50), true).getAlpha()).isEqualTo(255);
        assertThat(new Color(jpeg.getRGB(50, 10)).getGreen()).isGreaterThan(250);
    }

    @Test
    void laysOnABackgroundThatMayLetThroughItself() throws Exception {
        byte[] picture = Pictures.transparentPng(100, 50);
        dev.safelight.transform.Color half = new dev.safelight.transform.Color(200, 100, 0, 128);
        dev.safelight.transform.Color full = new dev.safelight.transform.Color(200, 100, 0, 255);

        BufferedImage through = decoded(picture, MediaType.PNG, PNG.canvas(null, null, Padding.NONE, half));
        BufferedImage opaque = decoded(picture, MediaType.PNG, PNG.canvas(null, null, new Padding(5, 5, 5, 5), full));

        assertThat(new Color(through.getRGB(90, 5), true)).isEqualTo(new Color(200, 100, 0, 128));
        assertThat(new Color(through.getRGB(50, 45), true)).isEqualTo(new Color(30, 40, 180));
        assertThat(new Color(opaque.getRGB(1, 1))).isEqualTo(new Color(200, 100, 0));
        assertThat(new Color(opaque.getRGB(95, 10))).isEqualTo(new Color(200, 100, 0));
        assertThat(opaque.getColorModel().hasAlpha()).isFalse();
    }

    @Test
    void extendsToTheShapeAlone() throws Exception {
        BufferedImage made = decoded(
                Pictures.png(100, 50),
                MediaType.PNG,
                PNG.fit(Fit.INSIDE, 300, 300)
                        .canvas(null, new Gravity.Compass(Direction.NORTH, 0, 0), Padding.NONE, null));

        assertThat(List.of(made.getWidth(), made.getHeight())).containsExactly(100, 100);
        assertThat(new Color(made.getRGB(50, 49), true).getAlpha()).isEqualTo(255);
        assertThat(new Color(made.getRGB(50, 51), true).getAlpha()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "NORTHWEST, 0, 0",
        "NORTH, 45, 0",
        "NORTHEAST, 90, 0",
        "WEST, 0, 25",
        "CENTER, 45, 25",
        "EAST, 90, 25",
        "SOUTHWEST, 0, 50",
        "SOUTH, 45, 50",
        "SOUTHEAST, 90, 50",
    })
    void laysTheWatermarkInItsPlace(Direction place, int left, int top) throws Exception {
        BufferedImage made = marked(PNG.watermark(1, place, 0, 0, 0));

        assertThat(new Color(made.getRGB(left + 5, top + 5))).isEqualTo(new Color(255, 0, 255));
        assertThat(purple(made)).isBetween(100, 121);
    }

    @Test
    void laysTheWatermarkAsThinAsItIsWantedAndRepeats() throws Exception {
        BufferedImage thin = marked(PNG.watermark(0.5, Direction.CENTER, 0, 0, 0));
        BufferedImage large = marked(PNG.watermark(1, Direction.CENTER, 0, 0, 0.5));
        BufferedImage all = marked(PNG.watermark(1, null, 0, 0, 0));
        BufferedImage gaps = marked(PNG.watermark(1, null, 10, 10, 0));

        assertThat(new Color(thin.getRGB(50, 30)).getGreen()).isBetween(60, 140);
        assertThat(purple(large)).isBetween(850, 950);
        assertThat(purple(all)).isEqualTo(6000);
        assertThat(purple(gaps)).isBetween(1200, 1800);
    }

    @ParameterizedTest
    @EnumSource(names = {"WEBP", "GIF"})
    void keepsAnimationsWithEverythingDoneToEachFrame(MediaType format) throws Exception {
        byte[] gif = Pictures.animatedGif(120, 60, 8, 7);
        Wanted wanted = Wanted.as(format)
                .fit(Fit.COVER, 40, 40)
                .turn(true, 90, false, false)
                .watermark(1, Direction.SOUTHEAST, 0, 0, 0);
        Path file = file(gif);

        Transformed made = engine.transform(
                new TransformSource(file, MediaType.GIF, 120, 60, mark(), MediaType.PNG), wanted.value());

        Probe probe = engine.probe(file(made.bytes()), format);
        assertThat(List.of(probe.width(), probe.height(), made.frames())).containsExactly(40, 40, 8);
        Path result = file(made.bytes());
        int total = 0;
        for (int i = 0; i < probe.frames(); i++) {
            BufferedImage frame = Pictures.decoded(engine.transform(
                            new TransformSource(result, format, 40, 40),
                            PNG.frames(i, false).value())
                    .bytes());
            assertThat(new Color(frame.getRGB(36, 36)).getGreen()).isLessThan(60);
            total++;
        }
        assertThat(total).isGreaterThan(1);
        if (format == MediaType.WEBP) {
            assertThat(WebpFrames.durations(made.bytes()).stream()
                            .mapToInt(Integer::intValue)
                            .sum())
                    .isEqualTo(8 * 70);
            assertThat(WebpFrames.loops(made.bytes())).isZero();
        }
    }

    @Test
    void keepsTheTimingOfAGif() throws Exception {
        byte[] gif = Pictures.animatedGif(60, 30, 5, 7);

        Transformed made =
                transform(gif, MediaType.GIF, Wanted.as(MediaType.GIF).fit(Fit.INSIDE, 30, 0));
        Transformed webp = transform(made.bytes(), MediaType.GIF, Wanted.as(MediaType.WEBP));

        assertThat(made.frames()).isEqualTo(5);
        assertThat(WebpFrames.durations(webp.bytes())).containsOnly(70).hasSize(5);
    }

    @Test
    void takesOneFrameWhereOneIsWanted() throws Exception {
        byte[] gif = Pictures.animatedGif(120, 60, 4, 7);

        BufferedImage third = decoded(gif, MediaType.GIF, PNG.frames(2, true));
        Transformed still =
                transform(gif, MediaType.GIF, Wanted.as(MediaType.WEBP).frames(0, false));

        assertThat(new Color(third.getRGB(75, 30)).getGreen()).isLessThan(60);
        assertThat(new Color(third.getRGB(10, 30)).getGreen()).isGreaterThan(200);
        assertThat(still.frames()).isEqualTo(1);
        assertThat(engine.probe(file(still.bytes()), MediaType.WEBP).frames()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"JPEG", "WEBP", "AVIF"})
    void lowersTheQualityUntilTheBytesSuffice(MediaType format) throws Exception {
        byte[] noise = Pictures.encoded(noise(200, 150), "png");
        Transformed usual = transform(noise, MediaType.PNG, Wanted.as(format));
        long half = usual.bytes().length / 2;

        Transformed small = transform(noise, MediaType.PNG, Wanted.as(format).output(new Quality.Standard(), half));
        Transformed least = transform(noise, MediaType.PNG, Wanted.as(format).output(new Quality.Standard(), 1));

        assertThat(small.bytes().length).isBetween((int) half / 3, (int) half);
        assertThat(small.quality()).isLessThan(usual.quality());
        assertThat(least.quality()).isLessThan(small.quality());
        assertThat(least.bytes().length).isLessThan(small.bytes().length);
    }

    @ParameterizedTest
    @EnumSource(names = {"JPEG", "WEBP", "AVIF"})
    void spendsNoMoreOnASmoothPictureThanOnABusyOne(MediaType format) throws Exception {
        Wanted auto = Wanted.as(format).output(new Quality.Auto(), 0);

        Transformed smooth = transform(Pictures.png(300, 200), MediaType.PNG, auto);
        Transformed busy = transform(Pictures.encoded(noise(300, 200), "png"), MediaType.PNG, auto);

        assertThat(smooth.quality()).isLessThanOrEqualTo(busy.quality()).isBetween(1, 90);
    }

    @Test
    void measuresLikeness() throws Exception {
        Vips vips = Libraries.open().primary();
        byte[] grey = new byte[3 * 64 * 64];
        byte[] noise = grey.clone();
        new Random(1).nextBytes(noise);
        try (NativeImage one = NativeImage.ofRgb(vips, grey, 64, 64);
                NativeImage other = NativeImage.ofRgb(vips, noise, 64, 64)) {
            Similarity plain = Similarity.of(one);
            assertThat(plain.to(plain)).isEqualTo(1);
            assertThat(plain.to(Similarity.of(other))).isLessThan(0.1);
        }
    }

    static BufferedImage noise(int width, int height) {
        BufferedImage image = Pictures.scene(width, height);
        Random random = new Random(7);
        for (int i = 0; i < width * height; i++) {
            int old = image.getRGB(i % width, i / width);
            image.setRGB(i % width, i / width, old ^ (random.nextInt() & 0x3f3f3f));
        }
        return image;
    }

    @ParameterizedTest
    @CsvSource({
        "CENTER, 10, 0000dc, ffffff",
        "NORTHWEST, 0, 0000dc, 0000dc",
        "SOUTHEAST, 0, ffffff, ffffff",
        ", 0, 0000dc, ffffff"
    })
    void laysThePartOfALargeWatermarkThatShows(Direction place, double x, String left, String right) throws Exception {
        BufferedImage halves = new BufferedImage(900, 700, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = halves.createGraphics();
        pen.setColor(new Color(0, 0, 220));
        pen.fillRect(0, 0, 900, 700);
        pen.setColor(Color.WHITE);
        pen.fillRect(450, 0, 450, 700);
        pen.dispose();
        Path file = file(Pictures.png(100, 60));
        TransformSource source =
                new TransformSource(file, MediaType.PNG, 100, 60, file(Pictures.encoded(halves, "png")), MediaType.PNG);

        BufferedImage made = Pictures.decoded(
                engine.transform(source, PNG.watermark(1, place, x, 0, 0).value())
                        .bytes());

        assertThat(made.getRGB(40, 30) & 0xffffff).isEqualTo(Integer.parseInt(left, 16));
        assertThat(made.getRGB(62, 30) & 0xffffff).isEqualTo(Integer.parseInt(right, 16));
    }

    private static int purple(BufferedImage image) {
        int count = 0;
        for (int i = 0; i < image.getWidth() * image.getHeight(); i++) {
            Color color = new Color(image.getRGB(i % image.getWidth(), i / image.getWidth()));
            count += color.getRed() > 240 && color.getGreen() < 15 && color.getBlue() > 240 ? 1 : 0;
        }
        return count;
    }

    private static BufferedImage marked(Wanted wanted) throws Exception {
        BufferedImage grey = new BufferedImage(100, 60, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 6000; i++) {
            grey.setRGB(i % 100, i / 100, 0xc8c8c8);
        }
        Path file = file(Pictures.encoded(grey, "png"));
        TransformSource source = new TransformSource(file, MediaType.PNG, 100, 60, mark(), MediaType.PNG);
        return Pictures.decoded(engine.transform(source, wanted.value()).bytes());
    }

    /// Ten pixels of purple on each side.
    private static Path mark() throws IOException {
        BufferedImage mark = new BufferedImage(10, 10, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 100; i++) {
            mark.setRGB(i % 10, i / 10, 0xff00ff);
        }
        return file(Pictures.encoded(mark, "png"));
    }

    private static BufferedImage decoded(byte[] bytes, MediaType type, Wanted wanted) throws Exception {
        return Pictures.decoded(transform(bytes, type, wanted).bytes());
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
