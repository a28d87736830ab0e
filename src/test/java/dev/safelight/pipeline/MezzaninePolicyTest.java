package dev.safelight.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.safelight.asset.Facts;
import dev.safelight.asset.MediaType;
import dev.safelight.image.VariantSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class MezzaninePolicyTest {
    private static final MezzaninePolicy POLICY = new MezzaninePolicy(List.of(640, 2048, 1024), 92);

    private static Facts.Image picture(MediaType type, int width, int height, boolean alpha, boolean converted) {
        return new Facts.Image(type, width, height, 1, alpha, null, null, null, null, converted);
    }

    @ParameterizedTest
    @CsvSource({
        "JPEG, 4000, 3000, false, '[source-2048, source-1024, source-640]'",
        "JPEG, 1200, 2560, false, '[source-2048, source-1024, source-640]'",
        "JPEG, 2559, 1200, false, '[source-1024, source-640]'",
        "PNG, 800, 10, false, '[source-640]'",
        "JPEG, 799, 799, false, '[]'",
        "SVG, 799, 799, false, '[]'",
        "AVIF, 799, 799, false, '[source-2048]'",
        "HEIC, 1300, 900, false, '[source-2048, source-1024, source-640]'",
        "JXL, 10, 10, false, '[source-2048]'",
        "TIFF, 10, 10, false, '[source-2048]'",
        "JPEG, 799, 799, true, '[source-2048]'"
    })
    void makesWhatIsClearlySmallerOrQuickerToRead(
            MediaType type, int width, int height, boolean converted, String names) {
        assertThat(POLICY.of(picture(type, width, height, false, converted)))
                .extracting(VariantSpec::name)
                .hasToString(names);
    }

    @Test
    void keepsAlphaWhereThereIsSome() {
        assertThat(POLICY.of(picture(MediaType.PNG, 900, 900, true, false)))
                .containsExactly(new VariantSpec(
                        "source-640",
                        MediaType.WEBP,
                        VariantSpec.Fit.INSIDE,
                        640,
                        640,
                        95,
                        1,
                        false,
                        VariantSpec.Purpose.SOURCE));
        assertThat(POLICY.of(picture(MediaType.PNG, 900, 900, false, false)))
                .extracting(VariantSpec::format, VariantSpec::quality)
                .containsExactly(tuple(MediaType.JPEG, 92));
    }

    @Test
    void makesNothingWithoutSizes() {
        assertThat(new MezzaninePolicy(List.of(), 92).of(picture(MediaType.AVIF, 9000, 9000, false, true)))
                .isEmpty();
    }

    @Test
    void isReadFromSettings() {
        assertThat(bound(Map.of("a", "b"))).isEqualTo(new MezzaninePolicy(List.of(2048, 1024, 640), 92));
        assertThat(bound(Map.of("safelight.image.mezzanine.sizes", "")).sizes()).isEmpty();
        assertThat(bound(Map.of(
                        "safelight.image.mezzanine.sizes", "500,900", "safelight.image.mezzanine.quality", "88")))
                .isEqualTo(new MezzaninePolicy(List.of(900, 500), 88));
    }

    private static MezzaninePolicy bound(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("safelight.image", ImageSettings.class)
                .mezzanine();
    }

    @Test
    void refusesWhatMakesNoSense() {
        String key = "safelight.image.mezzanine.";
        assertThatThrownBy(() -> new MezzaninePolicy(List.of(63), 92)).hasMessageStartingWith(key + "sizes");
        assertThatThrownBy(() -> new MezzaninePolicy(List.of(8193), 92)).hasMessageStartingWith(key + "sizes");
        assertThatThrownBy(() -> new MezzaninePolicy(List.of(640, 640), 92)).hasMessageContaining("twice");
        assertThatThrownBy(() -> new MezzaninePolicy(List.of(), 79)).hasMessageStartingWith(key + "quality");
        assertThatThrownBy(() -> new MezzaninePolicy(List.of(), 101)).hasMessageStartingWith(key + "quality");
    }
}
