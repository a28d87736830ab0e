package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.testing.Pictures;
import dev.safelight.transform.Color;
import dev.safelight.transform.Gravity;
import dev.safelight.transform.Gravity.Direction;
import dev.safelight.transform.Transformation;
import dev.safelight.transform.Transformation.Canvas;
import dev.safelight.transform.Transformation.Crop;
import dev.safelight.transform.Transformation.Effects;
import dev.safelight.transform.Transformation.Fit;
import dev.safelight.transform.Transformation.Padding;
import dev.safelight.transform.Transformation.Quality;
import dev.safelight.transform.Transformation.Resize;
import dev.safelight.transform.Transformation.Turn;
import dev.safelight.transform.Transformation.Watermark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/// Outsiders choose both the picture and what is to be made of it: the answer is a picture or a verdict.
class TransformHostileTest {
    private static final ImageLimits LIMITS =
            new ImageLimits(1_000_000, 50, 1_000_000, 16_000_000, Duration.ofSeconds(10));

    // Its threads are daemons, and jqwik offers no place to close it that the compiler can see.
    private static final ImageEngine ENGINE = new ImageEngine(LIMITS, 2);

    @Example
    void refusesEveryKnownHostileFileUnderEveryKindOfTransformation() throws IOException {
        Vips vips = Libraries.open().primary();
        long before = vips.pixelMemory();
        List<Wanted> kinds = List.of(
                Wanted.as(MediaType.WEBP).fit(Fit.COVER, 50, 50),
                Wanted.as(MediaType.PNG).turn(true, 90, true, true),
                Wanted.as(MediaType.JPEG).trim(10, null, true, true).effects(3, 1, 4, true),
                Wanted.as(MediaType.GIF).crop(0.5, 0.5, new Gravity.Smart()),
                Wanted.as(MediaType.AVIF)
                        .fit(Fit.FILL, 64, 64)
                        .enlarge()
                        .canvas(Gravity.CENTER, null, new Padding(9, 9, 9, 9), Color.WHITE)
                        .output(new Quality.Auto(), 900));
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/hostile/pictures"))) {
            for (Path file : files.sorted().toList()) {
                for (Reader reader : Reader.values()) {
                    for (Wanted wanted : kinds) {
                        assertThat(catchThrowable(() -> ENGINE.transform(
                                        new TransformSource(file, reader.mediaType(), 100, 100), wanted.value())))
                                .as("%s as %s", file, reader)
                                .isInstanceOf(ImageRejected.class);
                    }
                }
            }
        }
        assertThat(vips.pixelMemory()).isEqualTo(before);
    }

    @Example
    void endsAsAVerdictWhenTheFileBreaksOff() throws IOException {
        Map<MediaType, byte[]> pictures = Map.of(
                MediaType.JPEG, Pictures.jpeg(900, 700),
                MediaType.PNG, Pictures.png(900, 700),
                MediaType.TIFF, HostilePictures.tiff(900, 700, 4),
                MediaType.GIF, Pictures.animatedGif(90, 70, 3, 5));
        Path file = Files.createTempFile("cut", ".bin");
        for (MediaType type : pictures.keySet()) {
            byte[] whole = pictures.get(type);
            for (int part = 1; part < 8; part++) {
                Files.write(file, Arrays.copyOf(whole, whole.length * part / 8));
                for (Wanted wanted : List.of(
                        Wanted.as(MediaType.WEBP).fit(Fit.INSIDE, 90, 0),
                        Wanted.as(MediaType.WEBP).fit(Fit.INSIDE, 150, 0),
                        Wanted.as(MediaType.PNG).turn(true, 90, false, false))) {
                    TransformSource source = new TransformSource(file, type, 900, 700);
                    assertThat(catchThrowable(() -> ENGINE.transform(source, wanted.value())))
                            .as("%d eighths of %s", part, type)
                            .isInstanceOf(ImageRejected.class);
                }
            }
        }
        Files.delete(file);
    }

    @Provide
    Arbitrary<Gravity> gravities() {
        Arbitrary<Double> parts = Arbitraries.doubles().between(0, 1);
        return Arbitraries.oneOf(
                places(),
                Combinators.combine(parts, parts).as(Gravity.Point::new).map(Gravity.Focal::new),
                Arbitraries.just(new Gravity.Smart()));
    }

    /// Those that a canvas can be extended around.
    private static Arbitrary<Gravity> places() {
        Arbitrary<Double> offsets = Arbitraries.oneOf(
                Arbitraries.doubles().between(-1, 1), Arbitraries.doubles().between(-80, 80));
        Arbitrary<Double> parts = Arbitraries.doubles().between(0, 1);
        return Arbitraries.oneOf(
                Combinators.combine(Arbitraries.of(Direction.class), offsets, offsets)
                        .as(Gravity.Compass::new),
                Combinators.combine(parts, parts).as(Gravity.Point::new));
    }

    @Provide
    Arbitrary<Wanted> wishes() {
        Arbitrary<Integer> sides =
                Arbitraries.oneOf(Arbitraries.just(0), Arbitraries.integers().between(1, 90));
        Arbitrary<Double> crops = Arbitraries.oneOf(
                Arbitraries.doubles().between(0, 1), Arbitraries.doubles().between(1, 99));
        Arbitrary<Resize> resizes = Combinators.combine(
                        Arbitraries.of(Fit.class),
                        sides,
                        sides,
                        sides,
                        Arbitraries.doubles().between(0.3, 2),
                        Arbitraries.doubles().between(0.3, 2),
                        Arbitraries.of(true, false),
                        gravities())
                .as((fit, width, height, least, zoom, dpr, enlarge, gravity) ->
                        new Resize(fit, width, height, least, 0, zoom, 1, dpr, enlarge, gravity));
        Arbitrary<Turn> turns = Combinators.combine(
                        Arbitraries.of(0, 90, 180, 270), Arbitraries.of(true, false), Arbitraries.of(true, false))
                .as((degrees, x, y) -> new Turn(true, degrees, x, y));
        Arbitrary<Effects> effects = Combinators.combine(
                        Arbitraries.of(0.0, 0.4, 3.0, 60.0),
                        Arbitraries.of(0.0, 1.0, 9.0),
                        Arbitraries.of(0, 3, 400),
                        Arbitraries.of(true, false))
                .as(Effects::new);
        Arbitrary<Canvas> canvases = Combinators.combine(
                        places().injectNull(0.5),
                        places().injectNull(0.5),
                        Arbitraries.integers().between(0, 20),
                        Arbitraries.of(new Color(9, 9, 9, 255), new Color(1, 2, 3, 77), Color.TRANSPARENT)
                                .injectNull(0.5))
                .as((extend, shape, pad, color) -> new Canvas(extend, shape, new Padding(pad, 0, 1, pad), color));
        Arbitrary<Wanted> plain = Combinators.combine(
                        Arbitraries.of(Transformation.Output.FORMATS), resizes, turns, canvases)
                .as((format, resize, turn, canvas) ->
                        Wanted.as(format).with(resize).with(turn).with(canvas));
        Arbitrary<Wanted> cropped = Combinators.combine(plain, crops, crops, gravities())
                .as((wanted, width, height, gravity) -> wanted.with(new Crop(width, height, gravity)));
        Arbitrary<Wanted> marked = Combinators.combine(
                        cropped,
                        effects,
                        Arbitraries.of(Direction.class).injectNull(0.3),
                        Arbitraries.doubles().between(-30, 30),
                        Arbitraries.of(0.0, 0.3, 1.0))
                .as(TransformHostileTest::marked);
        return Arbitraries.oneOf(plain, cropped, marked);
    }

    @SuppressWarnings("NullAway") // does not see the annotation of a record's nested component type in a class file
    private static Wanted marked(
            Wanted wanted, Effects effects, Gravity.@Nullable Direction place, double offset, double scale) {
        return wanted.with(effects).with(new Watermark(null, 0.7, place, offset, offset, scale));
    }

    @Property(tries = 250)
    void makesAPictureOfExactlyTheSizeThatWasForetold(
            @ForAll("wishes") Wanted wanted,
            @ForAll @IntRange(min = 1, max = 120) int width,
            @ForAll @IntRange(min = 1, max = 120) int height,
            @ForAll @IntRange(max = 2) int kind)
            throws Exception {
        MediaType type = kind == 2 ? MediaType.GIF : MediaType.PNG;
        byte[] bytes = switch (kind) {
            case 0 -> Pictures.png(width, height);
            case 1 -> Pictures.transparentPng(width, height);
            default -> Pictures.animatedGif(width, height, 3, 5);
        };
        Path file = Files.write(Files.createTempFile("picture", ".bin"), bytes);
        Path mark = Files.write(Files.createTempFile("mark", ".bin"), Pictures.transparentPng(7, 5));
        Path made = Files.createTempFile("made", ".bin");
        try {
            Geometry geometry = Geometry.of(width, height, false, wanted.value());
            TransformSource source = new TransformSource(file, type, width, height, mark, MediaType.PNG);

            Transformed result;
            try {
                result = ENGINE.transform(source, wanted.value());
            } catch (Failure e) {
                assertThat(e.kind()).isEqualTo(Failure.Kind.INVALID);
                int frames = e.publicMessage().contains("3 frames") ? 3 : 1;
                // What is scaled up only to be cut away again is held against the same limit.
                long largest = Math.max(
                        geometry.result().area() * frames, geometry.scaled().area());
                assertThat(largest).isGreaterThan(LIMITS.totalPixels());
                return;
            }

            assertThat(new Size(result.width(), result.height())).isEqualTo(geometry.result());
            Files.write(made, result.bytes());
            Probe probe = ENGINE.probe(made, result.format());
            assertThat(new Size(probe.width(), probe.height())).isEqualTo(geometry.result());
        } finally {
            Files.delete(file);
            Files.delete(mark);
            Files.delete(made);
        }
    }
}
