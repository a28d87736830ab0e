package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.MediaType;
import dev.safelight.image.VariantSpec.Fit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {
    @ParameterizedTest
    @CsvSource({
        "INSIDE, 4000, 3000, 800, 600, 800, 600",
        "INSIDE, 4000, 3000, 1920, 1080, 1440, 1080",
        "INSIDE, 3000, 4000, 1920, 1080, 810, 1080",
        "INSIDE, 4000, 3000, 1200, 0, 1200, 900",
        "INSIDE, 4000, 3000, 0, 0, 4000, 3000",
        "INSIDE, 100, 80, 800, 600, 100, 80",
        "INSIDE, 5000, 2, 100, 100, 100, 1",
        "INSIDE, 20000, 1000, 0, 0, 16383, 819",
        "COVER, 4000, 3000, 150, 150, 150, 150",
        "COVER, 151, 20000, 150, 150, 150, 150",
        "COVER, 100, 400, 150, 150, 100, 150",
        "COVER, 60, 40, 150, 150, 60, 40"
    })
    void neverEnlargesAndKeepsTheShape(
            Fit fit, int width, int height, int boxWidth, int boxHeight, int expectedWidth, int expectedHeight) {
        VariantSpec spec = new VariantSpec("x", MediaType.WEBP, fit, boxWidth, boxHeight, 80, 2);

        assertThat(Target.of(new Size(width, height), spec).shown()).isEqualTo(new Size(expectedWidth, expectedHeight));
    }

    @Test
    void rendersEachSizeOnceAndTheLargestFirst() {
        Plan plan = Plan.of(new Size(4000, 3000), ImageProfile.standard());

        assertThat(plan.targets())
                .extracting(target -> target.shown().width())
                .containsExactly(4000, 1600, 1440, 1200, 800, 400, 320, 150, 200);
        assertThat(plan.targets().get(4).specs())
                .extracting(VariantSpec::name)
                .containsExactly("medium", "medium", "w800");
    }

    @Test
    void leavesOutWidthsThatThePictureDoesNotHave() {
        assertThat(names(new Size(900, 600))).contains("w200", "w400", "w800").doesNotContain("w1200", "w1600");
    }

    @Test
    void keepsTheSmallestWidthForAPictureThatHasNone() {
        assertThat(names(new Size(120, 90))).contains("w200").doesNotContain("w400", "w800");
    }

    @Test
    void decodesAJpegAtThePartThatIsNeeded() {
        assertThat(List.of(
                        Decoder.shrink(1),
                        Decoder.shrink(2.99),
                        Decoder.shrink(3),
                        Decoder.shrink(4.99),
                        Decoder.shrink(5),
                        Decoder.shrink(8.99),
                        Decoder.shrink(40)))
                .containsExactly(1, 1, 2, 2, 4, 4, 8);
    }

    @Test
    void changesTheRecipeWithAllThatShapesTheOutputAndNothingElse() {
        VariantSpec spec = new VariantSpec("a", MediaType.WEBP, Fit.INSIDE, 800, 600, 80, 2);

        assertThat(spec.recipe()).hasSize(12);
        assertThat(new VariantSpec("b", MediaType.WEBP, Fit.INSIDE, 800, 600, 80, 2).recipe())
                .isEqualTo(spec.recipe());
        assertThat(new VariantSpec("a", MediaType.WEBP, Fit.INSIDE, 800, 600, 81, 2).recipe())
                .isNotEqualTo(spec.recipe());
        assertThat(new VariantSpec("a", MediaType.WEBP, Fit.COVER, 800, 600, 80, 2).recipe())
                .isNotEqualTo(spec.recipe());
        assertThat(new VariantSpec("a", MediaType.AVIF, Fit.INSIDE, 800, 600, 80, 2).recipe())
                .isNotEqualTo(spec.recipe());
        assertThat(spec.withStandardTables().recipe()).isNotEqualTo(spec.recipe());
    }

    @Test
    void refusesSpecsThatNoEncoderTakes() {
        assertThatThrownBy(() -> new VariantSpec("a", MediaType.WEBP, Fit.INSIDE, 800, 600, 80, 7))
                .hasMessageContaining("effort");
        assertThatThrownBy(() -> new VariantSpec("a", MediaType.GIF, Fit.INSIDE, 800, 600, 80, 1))
                .hasMessageContaining("not image/gif");
        assertThatThrownBy(() -> new VariantSpec("a", MediaType.JPEG, Fit.COVER, 800, 0, 80, 1))
                .hasMessageContaining("cover");
    }

    private static List<String> names(Size picture) {
        return Plan.of(picture, ImageProfile.standard()).targets().stream()
                .flatMap(target -> target.specs().stream())
                .map(VariantSpec::name)
                .toList();
    }
}
