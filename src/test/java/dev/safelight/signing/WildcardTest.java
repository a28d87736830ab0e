package dev.safelight.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WildcardTest {
    @ParameterizedTest
    @CsvSource({
        "/a/b, /a/b, true",
        "/a/b, /a/bc, false",
        "/a/*, /a/, true",
        "/a/*, /a/b/c.webp, true",
        "/a/*, /ab, false",
        "/a/?, /a/b, true",
        "/a/?, /a/, false",
        "/a/?, /a/bc, false",
        "/a/?, /a/?, true",
        "/a*.webp, /a/b.webp, true",
        "/a*.webp, /a/b.webp.jpg, false",
        "/a*b*c, /axbxbxc, true",
        "/a*b*c, /axcxb, false",
        "*, /anything, true",
        "http*://m.example/i/*, https://m.example/i/1?width=2, true",
        "http*://m.example/i/*, https://m.example.evil/i/1, false",
        "/A, /a, false",
    })
    void starTakesAnyNumberOfCharactersAndQuestionMarkOne(String pattern, String text, boolean matches) {
        assertThat(Wildcard.matches(pattern, text)).isEqualTo(matches);
    }

    @Property(tries = 5000)
    void matchesAsARegularExpressionDoes(
            @ForAll @StringLength(max = 8) @Chars({'a', 'b', '*', '?'}) String pattern,
            @ForAll @StringLength(max = 12) @CharRange(from = 'a', to = 'b') String text) {
        String regex = pattern.replace("*", ".*").replace("?", ".");
        assertThat(Wildcard.matches(pattern, text)).isEqualTo(Pattern.matches(regex, text));
    }

    @Test
    @Timeout(5)
    void manyStarsTakeNoTimeToSpeakOf() {
        String pattern = "/" + "*a".repeat(250) + "b";
        String text = "/" + "a".repeat(8000);
        assertThat(Wildcard.matches(pattern, text)).isFalse();
    }
}
