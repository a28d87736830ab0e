package dev.safelight.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import dev.safelight.image.VariantSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImageSettingsTest {
    private static final MezzaninePolicy NO_MEZZANINES = new MezzaninePolicy(List.of(), 92);

    private static ImageSettings with(ImageSettings.Entry... profile) {
        return new ImageSettings(1000, 10, 0, Map.of(Space.USER, 100L), List.of(profile), NO_MEZZANINES, false);
    }

    private static ImageSettings.Entry entry(String name, int width) {
        return new ImageSettings.Entry(name, MediaType.WEBP, null, width, 0, 80, 2, false);
    }

    @Test
    void makesOfAProfileWhatItSays() {
        assertThat(with(entry("tiny", 50)).variants())
                .containsExactly(new VariantSpec("tiny", MediaType.WEBP, VariantSpec.Fit.INSIDE, 50, 0, 80, 2, false));
    }

    @Test
    void fallsBackToTheStandardProfile() {
        assertThat(with().variants()).extracting(VariantSpec::name).contains("thumb", "full", "w1600");
    }

    @Test
    void refusesAProfileThatCannotBeRendered() {
        assertThatThrownBy(() -> with(entry("Big", 50))).hasMessageStartingWith("safelight.image.profile: ");
        assertThatThrownBy(() -> with(entry("big", 99_999))).hasMessageStartingWith("safelight.image.profile: ");
        assertThatThrownBy(() -> with(entry("source-9", 9))).hasMessageContaining("kept for mezzanines");
        assertThatThrownBy(() -> with(entry("a", 1), entry("a", 2))).hasMessageContaining("twice");
    }

    @Test
    void lowersTheLimitOfASpaceButNeverRaisesIt() {
        assertThat(with().maxPixels(Space.USER)).isEqualTo(100);
        assertThat(with().maxPixels(Space.PRODUCT)).isEqualTo(1000);
        assertThat(new ImageSettings(1000, 10, 0, Map.of(Space.USER, 5000L), List.of(), NO_MEZZANINES, false)
                        .maxPixels(Space.USER))
                .isEqualTo(1000);
    }
}
