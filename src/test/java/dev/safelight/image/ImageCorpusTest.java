package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.safelight.asset.MediaType;
import dev.safelight.asset.Reason;
import dev.safelight.image.VariantSpec.Fit;
import dev.safelight.testing.Corpus;
import dev.safelight.testing.Corpus.Entry;
import dev.safelight.testing.Pictures;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every image of the corpus must end as its index says.
class ImageCorpusTest {
    private static final List<VariantSpec> SPECS = List.of(
            new VariantSpec("small", MediaType.JPEG, Fit.INSIDE, 320, 320, 90, 0),
            new VariantSpec("small", MediaType.WEBP, Fit.INSIDE, 320, 320, 80, 0),
            new VariantSpec("small", MediaType.PNG, Fit.INSIDE, 320, 320, 80, 0),
            new VariantSpec("thumb", MediaType.AVIF, Fit.COVER, 150, 150, 60, 0));

    private static ImageEngine engine;

    @BeforeAll
    static void open() {
        engine = new ImageEngine(ImageLimits.DEFAULT, 2);
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    static Stream<Entry> accepted() {
        return Corpus.images().filter(Entry::isAccepted);
    }

    static Stream<Entry> refused() {
        return Corpus.images().filter(entry -> !entry.isAccepted());
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void rendersEachPictureUprightAndWithoutMetadata(Entry entry) throws Exception {
        MediaType type = entry.mediaType().orElseThrow();
        if (!engine.report().readable().contains(type)) {
            assertThat(reason(entry)).isEqualTo(Reason.UNSUPPORTED);
            return;
        }

        Rendering rendering = engine.render(entry.file(), type, SPECS);

        assertThat(rendering.probe().width()).isEqualTo(entry.displayWidth());
        assertThat(rendering.probe().height()).isEqualTo(entry.displayHeight());
        assertThat(rendering.variants()).hasSize(SPECS.size());
        boolean transparent = rendering.probe().hasAlpha();
        // An opaque picture may carry an alpha channel, never the other way round.
        assertThat(transparent || !entry.hasAlpha()).isTrue();
        for (RenderedVariant variant : rendering.variants()) {
            checkVariant(variant, transparent);
        }
        if (type == MediaType.GIF || type == MediaType.WEBP) {
            assertThat(rendering.probe().frames()).isEqualTo(entry.frames());
            byte[] webp = rendering.variants().get(1).bytes();
            assertThat(WebpFrames.durations(webp)).hasSize(entry.frames() == 1 ? 0 : entry.frames());
        }
    }

    private static void checkVariant(RenderedVariant variant, boolean transparent) throws Exception {
        MediaType format = variant.spec().format();
        Path file = Files.createTempFile("variant", "." + format.extension());
        try {
            Files.write(file, variant.bytes());
            Vips vips = Libraries.open().primary();
            try (NativeImage image = vips.operation(
                            Reader.of(format).orElseThrow().operation())
                    .with("filename", file)
                    .toImage()) {
                assertThat(image.width()).isEqualTo(variant.width());
                assertThat(image.height()).isEqualTo(variant.height());
                // Encoders of lossy formats drop an alpha channel that is opaque everywhere.
                boolean mayBeTransparent = transparent && format != MediaType.JPEG;
                assertThat(mayBeTransparent || !image.hasAlpha()).isTrue();
                assertThat(image.hasAlpha() || !mayBeTransparent || format != MediaType.PNG)
                        .isTrue();
                for (String metadata : List.of("exif-data", "xmp-data", "iptc-data", NativeImage.PROFILE)) {
                    assertThat(image.has(metadata))
                            .as("%s has %s", format, metadata)
                            .isFalse();
                }
            }
        } finally {
            Files.delete(file);
        }
        assertThat(new String(variant.bytes(), StandardCharsets.ISO_8859_1))
                .doesNotContain("Exif\0", "GPSLatitude", "http://ns.adobe.com/xap", "ICC_PROFILE", "iCCP", "eXIf");
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesEachBrokenPictureForItsReason(Entry entry) throws IOException {
        if (entry.expected().equals("type-mismatch")) {
            assertThat(reason(entry)).isIn(Reason.CORRUPT, Reason.ACTIVE_CONTENT);
            return;
        }
        assertThat(entry.allows(reason(entry)))
                .as("%s for %s", reason(entry), entry.expected())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
    void turnsAllOrientationsToTheSamePicture(int orientation) throws Exception {
        // The eight files are separate encodings of one photo.
        assertThat(Pictures.psnr(small("orient-landscape-1.jpg"), small("orient-landscape-" + orientation + ".jpg")))
                .isGreaterThan(22);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"photo-tomatoes-13mp.jpg", "product-coffee.png", "photo-flower-progressive.jpg", "gray-coast.png"
            })
    void keepsColoursAsAnIndependentDecoderSeesThem(String name) throws Exception {
        BufferedImage rendered = small(name);
        BufferedImage reference =
                Pictures.decoded(Files.readAllBytes(Corpus.entry(name).file()));

        assertThat(Pictures.psnr(rendered, reduced(reference, rendered.getWidth(), rendered.getHeight())))
                .isGreaterThan(30);
    }

    /// The expected colour of the first was computed once with LittleCMS from the profile in the file.
    @Test
    void convertsCmykToWhatItLooksLikeOnPaper() throws Exception {
        BufferedImage swop = small("cmyk-swop-icc.jpg");
        BufferedImage flower = small("photo-flower-cmyk-noicc.jpg");

        for (int patch = 0; patch < 9; patch++) {
            assertThat(distance(patch(swop, patch), new int[] {0x95, 0xd4, 0xd5}))
                    .isLessThan(6);
            // Bright in every part, which it is not when the inks are inverted.
            assertThat(Arrays.stream(patch(flower, patch)).average().orElseThrow())
                    .isBetween(130.0, 200.0);
        }
    }

    /// The mean colour of a ninth of a picture.
    private static int[] patch(BufferedImage image, int number) {
        int width = image.getWidth() / 3;
        int height = image.getHeight() / 3;
        int[] sum = new int[3];
        for (int i = 0; i < width * height; i++) {
            int rgb = image.getRGB((number % 3 * width) + (i % width), (number / 3 * height) + (i / width));
            for (int band = 0; band < 3; band++) {
                sum[band] += (rgb >> (16 - (8 * band))) & 255;
            }
        }
        return Arrays.stream(sum).map(total -> total / (width * height)).toArray();
    }

    private static int distance(int[] one, int[] other) {
        return IntStream.range(0, 3).map(i -> Math.abs(one[i] - other[i])).max().orElseThrow();
    }

    private static BufferedImage small(String name) throws Exception {
        Entry entry = Corpus.entry(name);
        Rendering rendering = engine.render(entry.file(), entry.mediaType().orElseThrow(), SPECS.subList(2, 3));
        return Pictures.decoded(rendering.variants().getFirst().bytes());
    }

    private static BufferedImage reduced(BufferedImage image, int width, int height) {
        BufferedImage step = image;
        while (step.getWidth() >= 2 * width) {
            step = scaled(step, step.getWidth() / 2, step.getHeight() / 2);
        }
        return scaled(step, width, height);
    }

    private static BufferedImage scaled(BufferedImage image, int width, int height) {
        BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = scaled.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        pen.drawImage(image, 0, 0, width, height, null);
        pen.dispose();
        return scaled;
    }

    private static Reason reason(Entry entry) {
        MediaType type = entry.expected().equals("type-mismatch")
                ? MediaType.ofFileName(entry.name()).orElseThrow()
                : entry.mediaType().or(() -> MediaType.ofFileName(entry.name())).orElseThrow();
        ImageRejected rejected =
                catchThrowableOfType(ImageRejected.class, () -> engine.render(entry.file(), type, SPECS));
        return Objects.requireNonNull(rejected, "accepted").rejection().reason();
    }
}
