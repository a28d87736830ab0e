package dev.safelight.cli.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternTest {

    private static Target target(@Nullable String sku, @Nullable String part, @Nullable String role) {
        return new Target(sku, part, role, Map.of(), null);
    }

    @ParameterizedTest
    @CsvSource({
        "{sku}_{role}.{ext},           A-1_front.jpg,             A-1, ,    front",
        "{sku}_{role}.{ext},           A1_front_left.jpg,         A1,  ,    front_left",
        "{sku}_{role}.{ext},           A1_front.v2.jpg,           A1,  ,    front.v2",
        "{sku}_{role}.{ext},           folder/x/A1_back.PNG,      A1,  ,    back",
        "{sku}/{part}-{any}.{ext},     shop/A1/frame-003.jpg,     A1,  frame,",
        "{sku}/{any}/{role}.jpg,       A1/b/c.jpg,                A1,  ,    c",
        "{sku}--{part}--{role}.jpg,    a-b--c-d--e.jpg,           a-b, c-d, e",
        "IMG {sku},                    IMG 7,                     7,   ,",
        "{{{sku}}}.{ext},              {x}.gif,                   x,   ,",
        "{any}_{sku}.{ext},            2024_ü.webp,               ü,   ,"
    })
    void readsNames(String pattern, String name, @Nullable String sku, @Nullable String part, @Nullable String role) {
        assertThat(new NamePattern(pattern).read(name)).contains(target(sku, part, role));
    }

    @ParameterizedTest
    @CsvSource({
        "{sku}_{role}.{ext},       A1.jpg",
        "{sku}_{role}.{ext},       _front.jpg",
        "{sku}_{role}.{ext},       A1_front",
        "{sku}/{role}.{ext},       front.jpg",
        "{sku}_{role}.jpg,         A1_front.png",
        "{sku}.{ext},              .jpg"
    })
    void doesNotMatchOthers(String pattern, String name) {
        assertThat(new NamePattern(pattern).read(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a.jpg", "{sku", "sku}", "{SKU}.jpg", "{sku}{role}", "{sku}_{sku}.jpg", "{}", "{sku}_{a{}"})
    void refusesMalformedPatterns(String pattern) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NamePattern(pattern))
                .withMessageMatching("(?s).+[.]");
    }

    @Test
    void isNotSlowedDownByNamesMadeForIt() {
        NamePattern pattern = new NamePattern("{any}-{sku}-{part}-{role}-x.{ext}");
        // With backtracking over four placeholders this would not end in a lifetime.
        assertThat(pattern.read("-".repeat(4000))).isEmpty();
        assertThat(pattern.read("a-".repeat(2000) + ".jpg")).isEmpty();
    }

    @Property
    void readsBackWhatANameWasMadeOf(
            @ForAll @AlphaChars @NotEmpty @StringLength(max = 30) String sku,
            @ForAll @AlphaChars @NotEmpty @StringLength(max = 30) String part,
            @ForAll @NotEmpty @StringLength(max = 30) String role) {
        if (role.contains("/")) {
            return;
        }
        assertThat(new NamePattern("{sku}+{part}+{role}.{ext}").read(sku + "+" + part + "+" + role + ".jpg"))
                .isEqualTo(Optional.of(target(sku, part, role)));
    }

    @Property
    void takesAnyPatternOrSaysWhatIsWrong(@ForAll String pattern, @ForAll String name) {
        try {
            new NamePattern(pattern).read(name);
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageEndingWith(".");
        }
    }
}
