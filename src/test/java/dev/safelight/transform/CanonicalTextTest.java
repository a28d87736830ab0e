package dev.safelight.transform;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CanonicalTextTest {
    @Provide
    Arbitrary<Transformation> transformations() {
        return Transformations.any();
    }

    @Property(tries = 5000)
    void whatIsWrittenIsReadAsTheSame(@ForAll("transformations") Transformation value) {
        String text = CanonicalText.of(value);
        Transformation read = CanonicalText.read(text);
        assertThat(read).isEqualTo(value);
        assertThat(CanonicalText.of(read)).isEqualTo(text).matches("[A-Za-z0-9=&,:.-]*");
    }

    @Property(tries = 2000)
    void differentValuesHaveDifferentTexts(
            @ForAll("transformations") Transformation one, @ForAll("transformations") Transformation other) {
        assertThat(CanonicalText.of(one).equals(CanonicalText.of(other))).isEqualTo(one.equals(other));
    }

    @Test
    void defaultsAreLeftOut() {
        assertThat(CanonicalText.of(Transformation.NONE)).isEmpty();
        assertThat(CanonicalText.read("")).isEqualTo(Transformation.NONE);
        assertThat(CanonicalText.read("crop=0,0&pixelate=1&watermark=default,0&fit=inside&zoom=1.0,1&animated=1"))
                .isEqualTo(Transformation.NONE);
    }

    @Test
    void allSpellingsHaveOneText() {
        String text = "width=300&height=200&fit=cover&gravity=north,10,0&background=ff0000&quality=80&format=jpeg";
        for (String spelling : new String[] {
            text,
            "fm=jpg&q=80&bg=red&g=north,10&fit=cover&h=200&w=300",
            "format=JPG&quality=080&background=F00&gravity=north%2C10.0&fit=cover&height=0200&width=300",
            "f=jpeg&bg=255,0,0&g=north,10,-0&q=80&fit=cover&h=200&w=300"
        }) {
            assertThat(CanonicalText.of(CanonicalText.read(spelling))).isEqualTo(text);
        }
    }

    @Test
    void fractionsNeverBecomePixels() {
        assertThat(CanonicalText.of(CanonicalText.read("crop=0.99999999999,0.30000000000000004")))
                .isEqualTo("crop=0.999999,0.3");
    }
}
