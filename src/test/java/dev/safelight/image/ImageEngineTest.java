package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.safelight.asset.MediaType;
import dev.safelight.asset.Reason;
import dev.safelight.image.VariantSpec.Fit;
import dev.safelight.testing.Pictures;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageEngineTest {
    private static final ImageLimits LIMITS = new ImageLimits(2_000_000, 20, 2_000_000);

    private static ImageEngine engine;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void open() {
        engine = new ImageEngine(LIMITS, 2);
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    @Test
    void makesTheWholeStandardSetFromAJpeg() throws Exception {
        Rendering rendering = render(Pictures.jpeg(1200, 900), MediaType.JPEG, ImageProfile.standard());

        assertThat(rendering.variants())
                .extracting(variant -> "%s %s %dx%d"
                        .formatted(
                                variant.spec().name(),
                                variant.spec().format().extension(),
                                variant.width(),
                                variant.height()))
                .containsExactly(
                        "thumb jpg 150x150",
                        "thumb webp 150x150",
                        "small jpg 320x240",
                        "small webp 320x240",
                        "medium jpg 800x600",
                        "medium webp 800x600",
                        "large jpg 1200x900",
                        "large webp 1200x900",
                        "full webp 1200x900",
                        "w200 webp 200x150",
                        "w400 webp 400x300",
                        "w800 webp 800x600",
                        "w1200 webp 1200x900");
        for (RenderedVariant variant : rendering.variants()) {
            Probe probe = probe(variant.bytes(), variant.spec().format());
            assertThat(List.of(probe.width(), probe.height())).containsExactly(variant.width(), variant.height());
        }
    }

    @Test
    void describesWhatThePictureLooksLike() throws Exception {
        BufferedImage blue = new BufferedImage(300, 200, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 300 * 200; x++) {
            blue.setRGB(x % 300, x / 300, 0x2040c0);
        }

        Rendering.Appearance appearance = render(Pictures.encoded(blue, "png"), MediaType.PNG, inside(100))
                .appearance();

        assertThat(appearance.dominantColor()).isEqualTo("#2040c0");
        assertThat(appearance.thumbHash()).isNotBlank();
        assertThat(appearance.perceptualHash()).matches("[0-9a-f]{16}");
        assertThat(appearance.focalPoint().x()).isBetween(0.0, 1.0);
    }

    @Test
    void hashesNearPicturesNearAndOthersFar() throws Exception {
        String hash = render(Pictures.jpeg(800, 600), MediaType.JPEG, inside(100))
                .appearance()
                .perceptualHash();
        String smaller = render(Pictures.png(400, 300), MediaType.PNG, inside(100))
                .appearance()
                .perceptualHash();
        String other = render(Pictures.animatedGif(400, 300, 1, 10), MediaType.GIF, inside(100))
                .appearance()
                .perceptualHash();

        assertThat(distance(hash, smaller)).isLessThan(6);
        assertThat(distance(hash, other)).isGreaterThan(14);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void turnsPicturesUprightAndForgetsWhereTheyWereTaken(int orientation) throws Exception {
        byte[] camera = Pictures.cameraJpeg(400, 300, orientation);

        Probe probe = probe(camera, MediaType.JPEG);
        Rendering rendering = render(camera, MediaType.JPEG, inside(0));
        byte[] jpeg = variant(rendering, MediaType.JPEG);

        boolean turned = orientation >= 5;
        assertThat(probe.width()).isEqualTo(turned ? 300 : 400);
        assertThat(probe.height()).isEqualTo(turned ? 400 : 300);
        assertThat(Pictures.psnr(Pictures.decoded(jpeg), upright(Pictures.scene(400, 300), orientation)))
                .isGreaterThan(30);
        for (RenderedVariant variant : rendering.variants()) {
            assertThat(new String(variant.bytes(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("Exif", "EXIF", "http://ns.adobe.com", "ICC_PROFILE");
        }
    }

    @Test
    void keepsTransparencyAndLaysJpegOnWhite() throws Exception {
        Rendering rendering = render(Pictures.transparentPng(400, 300), MediaType.PNG, inside(200));

        BufferedImage png = Pictures.decoded(variant(rendering, MediaType.PNG));
        BufferedImage jpeg = Pictures.decoded(variant(rendering, MediaType.JPEG));
        assertThat(new Color(png.getRGB(190, 10), true).getAlpha()).isZero();
        assertThat(new Color(png.getRGB(100, 140), true)).isEqualTo(new Color(30, 40, 180));
        assertThat(new Color(jpeg.getRGB(190, 10)).getRed()).isGreaterThan(250);
        assertThat(probe(variant(rendering, MediaType.WEBP), MediaType.WEBP).hasAlpha())
                .isTrue();
        assertThat(probe(variant(rendering, MediaType.AVIF), MediaType.AVIF).hasAlpha())
                .isTrue();
        assertThat(probe(variant(rendering, MediaType.JPEG), MediaType.JPEG).hasAlpha())
                .isFalse();
    }

    @Test
    void keepsAnimationsMovingInWebpAndStillElsewhere() throws Exception {
        byte[] gif = Pictures.animatedGif(120, 60, 8, 7);
        List<VariantSpec> specs = List.of(
                spec("half", MediaType.WEBP, Fit.INSIDE, 60, 0),
                spec("half", MediaType.JPEG, Fit.INSIDE, 60, 0),
                spec("cut", MediaType.WEBP, Fit.COVER, 20, 20));

        Rendering rendering = render(gif, MediaType.GIF, specs);

        assertThat(rendering.probe().frames()).isEqualTo(8);
        byte[] half = rendering.variants().get(0).bytes();
        Probe moving = probe(half, MediaType.WEBP);
        assertThat(List.of(moving.width(), moving.height(), moving.frames())).containsExactly(60, 30, 8);
        // Equal neighbours may be stored as one frame that is shown longer.
        assertThat(WebpFrames.durations(rendering.variants().get(2).bytes()).stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(8 * 70);
        assertThat(WebpFrames.durations(half)).hasSize(8).containsOnly(70);
        assertThat(WebpFrames.loops(half)).isZero();
        BufferedImage still = Pictures.decoded(rendering.variants().get(1).bytes());
        assertThat(still.getHeight()).isEqualTo(30);
        assertThat(new Color(still.getRGB(7, 15)).getGreen()).isLessThan(60);
        assertThat(new Color(still.getRGB(50, 15)).getGreen()).isGreaterThan(200);
    }

    @Test
    void makesEqualSizesOnceAndInOrder() throws Exception {
        List<VariantSpec> specs = List.of(
                spec("a", MediaType.WEBP, Fit.INSIDE, 100, 0),
                spec("b", MediaType.PNG, Fit.INSIDE, 0, 0),
                spec("c", MediaType.JPEG, Fit.INSIDE, 100, 75));

        Rendering rendering = render(Pictures.png(400, 300), MediaType.PNG, specs);

        assertThat(rendering.variants()).extracting(RenderedVariant::spec).isEqualTo(specs);
        assertThat(Pictures.psnr(Pictures.decoded(rendering.variants().get(1).bytes()), Pictures.scene(400, 300)))
                .isInfinite();
    }

    @Test
    void drawsAnSvgAtItsOwnSizeAndNeverLarger() throws Exception {
        byte[] svg = Pictures.svg(40, 20, "<rect width='40' height='20' fill='#0a0'/>")
                .getBytes(StandardCharsets.UTF_8);

        Rendering rendering = render(svg, MediaType.SVG, inside(400));

        assertThat(rendering.probe()).isEqualTo(new Probe(MediaType.SVG, 40, 20, 1, true, 8));
        assertThat(rendering.variants().getFirst().width()).isEqualTo(40);
        assertThat(rendering.appearance().dominantColor()).isEqualTo("#00aa00");
    }

    @ParameterizedTest
    @EnumSource(names = {"JPEG", "PNG", "WEBP", "GIF"})
    void refusesTruncatedFilesWithoutAnyOutput(MediaType type) throws Exception {
        byte[] whole = switch (type) {
            case JPEG -> Pictures.jpeg(600, 400);
            case PNG -> Pictures.png(600, 400);
            case GIF -> Pictures.animatedGif(200, 100, 5, 10);
            default -> variant(render(Pictures.png(600, 400), MediaType.PNG, inside(0)), type);
        };
        byte[] half = Arrays.copyOf(whole, whole.length / 2);

        assertThat(reason(() -> render(half, type, inside(100)))).isEqualTo(Reason.CORRUPT);
    }

    @Test
    void refusesWhatIsTooLargeByItsHeader() {
        assertThat(reason(() -> probe(Pictures.bombPng(60000, 60000), MediaType.PNG)))
                .isEqualTo(Reason.TOO_LARGE);
        assertThat(reason(() -> probe(Pictures.animatedGif(10, 10, 21, 10), MediaType.GIF)))
                .isEqualTo(Reason.TOO_LARGE);
        assertThat(reason(() -> probe(Pictures.animatedGif(500, 500, 10, 10), MediaType.GIF)))
                .isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void refusesWhatItDoesNotProcess() {
        assertThat(reason(() -> probe(new byte[0], MediaType.JPEG))).isEqualTo(Reason.EMPTY);
        assertThat(reason(() -> probe(Pictures.png(9, 9), MediaType.PSD))).isEqualTo(Reason.UNSUPPORTED);
        assertThat(reason(() -> probe(Pictures.png(9, 9), MediaType.PDF))).isEqualTo(Reason.UNSUPPORTED);
        assertThat(reason(() -> probe(Pictures.png(9, 9), MediaType.JPEG))).isEqualTo(Reason.CORRUPT);
        assertThat(reason(() -> probe("<svg><script/></svg>".getBytes(StandardCharsets.UTF_8), MediaType.SVG)))
                .isEqualTo(Reason.ACTIVE_CONTENT);
    }

    @Test
    void makesSourcesOfTheFirstFrameInTheSameRender() throws Exception {
        byte[] gif = Pictures.animatedGif(320, 240, 6, 10);
        List<VariantSpec> specs = List.of(
                spec("moving", MediaType.WEBP, Fit.INSIDE, 200, 0),
                source(MediaType.WEBP, 200),
                source(MediaType.JPEG, 150));

        List<RenderedVariant> variants = render(gif, MediaType.GIF, specs).variants();

        assertThat(variants).extracting(variant -> variant.spec().name()).containsExactly("moving", "s200", "s150");
        assertThat(probe(variants.get(0).bytes(), MediaType.WEBP).frames()).isEqualTo(6);
        Probe still = probe(variants.get(1).bytes(), MediaType.WEBP);
        assertThat(List.of(still.frames(), still.width(), still.height())).containsExactly(1, 200, 150);
        Probe jpeg = probe(variants.get(2).bytes(), MediaType.JPEG);
        assertThat(List.of(jpeg.width(), jpeg.height())).containsExactly(150, 113);
    }

    @Test
    void plansWhatItRenders() throws Exception {
        List<VariantSpec> specs = new ArrayList<>(ImageProfile.standard());
        specs.add(source(MediaType.JPEG, 640));

        List<PlannedVariant> planned = PlannedVariant.of(900, 600, specs);

        assertThat(render(Pictures.jpeg(900, 600), MediaType.JPEG, specs).variants())
                .extracting(variant -> new PlannedVariant(variant.spec(), variant.width(), variant.height()))
                .isEqualTo(planned);
    }

    @Test
    void tellsWhichPicturesHaveToBeConverted() throws Exception {
        BufferedImage deep = new BufferedImage(20, 10, BufferedImage.TYPE_USHORT_GRAY);

        assertThat(probe(Pictures.encoded(deep, "png"), MediaType.PNG).isConverted())
                .isTrue();
        assertThat(probe(Pictures.png(20, 10), MediaType.PNG).isConverted()).isFalse();
    }

    private static VariantSpec source(MediaType format, int size) {
        return new VariantSpec("s" + size, format, Fit.INSIDE, size, size, 92, 0, false, VariantSpec.Purpose.SOURCE);
    }

    @Test
    void tellsNothingOfTheLibraryOrTheFile() {
        ImageRejected rejected =
                catchThrowableOfType(ImageRejected.class, () -> probe(new byte[] {1, 2, 3}, MediaType.JPEG));

        assertThat(Objects.requireNonNull(rejected).rejection().detail())
                .isEqualTo("The file is damaged: it cannot be read as image/jpeg.");
    }

    @Test
    void reportsWhatIsInstalled() {
        LibraryReport report = engine.report();

        assertThat(report.libraries()).isNotEmpty();
        assertThat(report.readable())
                .contains(MediaType.JPEG, MediaType.PNG, MediaType.WEBP, MediaType.GIF, MediaType.TIFF, MediaType.SVG);
        assertThat(report.writable()).contains(MediaType.JPEG, MediaType.PNG, MediaType.WEBP);
    }

    @Test
    void releasesAllPixelMemoryAlsoAfterFailures() throws Exception {
        byte[] jpeg = Pictures.cameraJpeg(200, 150, 6);
        byte[] gif = Pictures.animatedGif(60, 40, 4, 10);
        byte[] broken = Arrays.copyOf(Pictures.png(300, 200), 900);
        Vips vips = Libraries.open().primary();
        long before = vips.pixelMemory();
        List<Future<?>> renders = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 100; i++) {
                renders.add(callers.submit(() -> render(jpeg, MediaType.JPEG, inside(100))));
                renders.add(callers.submit(() -> render(gif, MediaType.GIF, inside(30))));
                renders.add(callers.submit(() -> assertThat(reason(() -> render(broken, MediaType.PNG, inside(100))))
                        .isEqualTo(Reason.CORRUPT)));
            }
        }
        for (Future<?> render : renders) {
            render.get();
        }

        assertThat(vips.pixelMemory()).isCloseTo(before, within(0L));
    }

    @Test
    void ignoresSpotColoursAndRefusesMoreThanAFew() throws Exception {
        Rendering rendering = render(HostilePictures.tiff(60, 40, 5), MediaType.TIFF, inside(0));

        assertThat(rendering.appearance().dominantColor()).isEqualTo("#c86428");
        assertThat(reason(() -> probe(HostilePictures.tiff(60, 40, 100), MediaType.TIFF)))
                .isEqualTo(Reason.UNSUPPORTED);
    }

    private interface Attempt {
        void run() throws Exception;
    }

    private static Reason reason(Attempt attempt) {
        ImageRejected rejected = catchThrowableOfType(ImageRejected.class, attempt::run);
        return Objects.requireNonNull(rejected, "accepted").rejection().reason();
    }

    private static Probe probe(byte[] bytes, MediaType type) throws IOException, ImageRejected {
        return engine.probe(file(bytes), type);
    }

    @Test
    void writesJpegWithTheTablesOfTheStandardOnRequest() throws Exception {
        VariantSpec spec = new VariantSpec("a", MediaType.JPEG, Fit.INSIDE, 100, 100, 80, 0);

        Rendering rendering = render(Pictures.png(400, 300), MediaType.PNG, List.of(spec, spec.withStandardTables()));

        // ITU-T T.81, table K.1, scaled for quality 80, in the order in which it is stored.
        byte[] brightness = {(byte) 0xff, (byte) 0xdb, 0, 67, 0, 6, 4, 5, 6, 5, 4, 6, 6, 5, 6, 7, 7, 6, 8, 10, 16};
        assertThat(rendering.variants().get(1).bytes()).containsSequence(brightness);
    }

    private static Rendering render(byte[] bytes, MediaType type, List<VariantSpec> specs)
            throws IOException, ImageRejected {
        return engine.render(file(bytes), type, specs);
    }

    private static Path file(byte[] bytes) throws IOException {
        return Files.write(Files.createTempFile(folder, "picture", ".bin"), bytes);
    }

    private static List<VariantSpec> inside(int width) {
        return List.of(
                spec("a", MediaType.JPEG, Fit.INSIDE, width, 0),
                spec("a", MediaType.WEBP, Fit.INSIDE, width, 0),
                spec("a", MediaType.PNG, Fit.INSIDE, width, 0),
                spec("a", MediaType.AVIF, Fit.INSIDE, width, 0));
    }

    private static VariantSpec spec(String name, MediaType format, Fit fit, int width, int height) {
        return new VariantSpec(name, format, fit, width, height, 90, 0);
    }

    private static byte[] variant(Rendering rendering, MediaType format) {
        return rendering.variants().stream()
                .filter(variant -> variant.spec().format() == format)
                .findFirst()
                .orElseThrow()
                .bytes();
    }

    private static int distance(String hash, String other) {
        return Long.bitCount(Long.parseUnsignedLong(hash, 16) ^ Long.parseUnsignedLong(other, 16));
    }

    /// The picture that a viewer shows for a scene stored with an orientation, from the table of the EXIF standard.
    private static BufferedImage upright(BufferedImage stored, int orientation) {
        int width = stored.getWidth();
        int height = stored.getHeight();
        boolean turned = orientation >= 5;
        BufferedImage shown =
                new BufferedImage(turned ? height : width, turned ? width : height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int right = width - 1 - x;
                int bottom = height - 1 - y;
                int rgb = stored.getRGB(x, y);
                switch (orientation) {
                    case 2 -> shown.setRGB(right, y, rgb);
                    case 3 -> shown.setRGB(right, bottom, rgb);
                    case 4 -> shown.setRGB(x, bottom, rgb);
                    case 5 -> shown.setRGB(y, x, rgb);
                    case 6 -> shown.setRGB(bottom, x, rgb);
                    case 7 -> shown.setRGB(bottom, right, rgb);
                    case 8 -> shown.setRGB(y, right, rgb);
                    default -> shown.setRGB(x, y, rgb);
                }
            }
        }
        return shown;
    }
}
