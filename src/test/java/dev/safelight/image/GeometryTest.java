package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.transform.Gravity;
import dev.safelight.transform.Transformation;
import dev.safelight.transform.Transformation.Crop;
import dev.safelight.transform.Transformation.Fit;
import dev.safelight.transform.Transformation.Padding;
import dev.safelight.transform.Transformation.Resize;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class GeometryTest {
    @Property
    void neverEnlargesUnasked(
            @ForAll @IntRange(min = 1, max = 20_000) int width,
            @ForAll @IntRange(min = 1, max = 20_000) int height,
            @ForAll @IntRange(max = 16_383) int boxWidth,
            @ForAll @IntRange(max = 16_383) int boxHeight,
            @ForAll @DoubleRange(min = 0.01, max = 100) double zoom,
            @ForAll @DoubleRange(min = 0.1, max = 8) double dpr,
            @ForAll Fit fit) {
        Resize resize = new Resize(fit, boxWidth, boxHeight, 0, 0, zoom, zoom, dpr, false, Gravity.CENTER);

        Geometry geometry = Geometry.of(
                width, height, false, Wanted.as(MediaType.WEBP).with(resize).value());

        assertThat(geometry.resultWidth()).isBetween(1, width);
        assertThat(geometry.resultHeight()).isBetween(1, height);
        assertThat(geometry.scale()).isBetween(0.0, 1.0);
    }

    @Property
    void fillsTheBoxExactly(
            @ForAll @IntRange(min = 1, max = 5000) int width,
            @ForAll @IntRange(min = 1, max = 5000) int height,
            @ForAll @IntRange(min = 1, max = 4000) int boxWidth,
            @ForAll @IntRange(min = 1, max = 4000) int boxHeight,
            @ForAll @DoubleRange(min = 0.1, max = 4) double dpr) {
        for (Fit fit : new Fit[] {Fit.COVER, Fit.FILL}) {
            Resize resize = new Resize(fit, boxWidth, boxHeight, 0, 0, 1, 1, dpr, true, Gravity.CENTER);

            Geometry geometry = Geometry.of(
                    width, height, false, Wanted.as(MediaType.WEBP).with(resize).value());

            // A product that is a half may come out a little smaller, and counts as a half all the same.
            assertThat((double) geometry.resultWidth()).isCloseTo(Math.max(1, boxWidth * dpr), within(0.5000001));
            assertThat((double) geometry.resultHeight()).isCloseTo(Math.max(1, boxHeight * dpr), within(0.5000001));
        }
    }

    @Property
    void keepsTheShapeWithinAPixel(
            @ForAll @IntRange(min = 10, max = 5000) int width,
            @ForAll @IntRange(min = 10, max = 5000) int height,
            @ForAll @IntRange(min = 1, max = 4000) int boxWidth,
            @ForAll @IntRange(min = 1, max = 4000) int boxHeight) {
        for (Fit fit : new Fit[] {Fit.INSIDE, Fit.OUTSIDE}) {
            Resize resize = new Resize(fit, boxWidth, boxHeight, 0, 0, 1, 1, 1, true, Gravity.CENTER);

            Geometry geometry = Geometry.of(
                    width, height, false, Wanted.as(MediaType.WEBP).with(resize).value());

            double factor = fit == Fit.INSIDE
                    ? Math.min((double) boxWidth / width, (double) boxHeight / height)
                    : Math.max((double) boxWidth / width, (double) boxHeight / height);
            assertThat((double) geometry.resultWidth()).isCloseTo(Math.max(1, width * factor), within(0.6));
            assertThat((double) geometry.resultHeight()).isCloseTo(Math.max(1, height * factor), within(0.6));
        }
    }

    @Property
    void boundsWhateverIsAsked(
            @ForAll @IntRange(min = 1, max = 1_000_000) int width,
            @ForAll @IntRange(min = 1, max = 1_000_000) int height,
            @ForAll @IntRange(max = 16_383) int boxWidth,
            @ForAll @IntRange(max = 16_383) int least,
            @ForAll @DoubleRange(min = 0.01, max = 100) double zoom,
            @ForAll @DoubleRange(min = 0.1, max = 8) double dpr,
            @ForAll @IntRange(max = 4096) int padding,
            @ForAll Fit fit) {
        Resize resize = new Resize(fit, boxWidth, least, least, boxWidth, zoom, 1, dpr, true, Gravity.CENTER);
        Transformation wanted = Wanted.as(MediaType.WEBP)
                .with(resize)
                .canvas(Gravity.CENTER, Gravity.CENTER, new Padding(padding, padding, padding, padding), null)
                .value();

        assertThatCode(() -> {
                    Geometry geometry = Geometry.of(width, height, true, wanted);
                    try {
                        ImageLimits.DEFAULT.checkResult(geometry, MediaType.WEBP, 1);
                        assertThat(geometry.result().area()).isLessThanOrEqualTo(4096L * 4096);
                    } catch (Failure e) {
                        assertThat(e.kind()).isEqualTo(Failure.Kind.INVALID);
                    }
                })
                .doesNotThrowAnyException();
    }

    @Example
    void needsMoreOfTheOriginalForLessOfIt() {
        Transformation tenth = Wanted.as(MediaType.WEBP)
                .with(new Crop(0.1, 0.1, Gravity.CENTER))
                .fit(Fit.INSIDE, 300, 0)
                .value();

        assertThat(Geometry.of(
                                6000,
                                4000,
                                false,
                                Wanted.as(MediaType.WEBP)
                                        .fit(Fit.INSIDE, 300, 0)
                                        .value())
                        .scale())
                .isEqualTo(0.05);
        assertThat(Geometry.of(6000, 4000, false, tenth).scale()).isEqualTo(0.5);
    }

    @Example
    void givesUpDprBeforeTheShape() {
        Transformation wanted =
                Wanted.as(MediaType.WEBP).fit(Fit.COVER, 300, 300).dpr(2).value();

        Geometry geometry = Geometry.of(800, 400, false, wanted);

        assertThat(geometry.result()).isEqualTo(new Size(400, 400));
    }

    @Example
    void namesTheLimitOfAvif() {
        Geometry geometry =
                Geometry.of(4000, 3000, false, Wanted.as(MediaType.AVIF).value());

        assertThat(ImageLimits.DEFAULT.allowAvif(geometry)).isFalse();
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> ImageLimits.DEFAULT.checkResult(geometry, MediaType.AVIF, 1))
                .withMessageContaining("4000 x 3000")
                .withMessageContaining("4000000");
    }
}
