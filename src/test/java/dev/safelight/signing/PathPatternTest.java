package dev.safelight.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {
    @ParameterizedTest
    @CsvSource({
        "/media/a, /media/a, true",
        "/media/a, /media/ab, false",
        "/media/a, /media/a/b, false",
        "/media/a/, /media/a/b, true",
        "/media/a/, /media/a/b/c, true",
        "/media/a/, /media/a/, false",
        "/media/a/, /media/a, false",
        "/media/a/, /media/ab/c, false",
        "/media/a/, /MEDIA/a/b, false",
        "/images/a*, /images/a.webp, true",
        "/images/a*, /images/a, true",
        "/images/a*, /images/b, false",
    })
    void coversOnePathOrAllBelowOrAllThatLookSo(String pattern, String path, boolean covered) {
        assertThat(new PathPattern(pattern).covers(path)).isEqualTo(covered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "media/a", "*", "/a b", "/a\n", "/a\"", "/a#b", "/é", "/a\\b"})
    void takesPathsOnly(String text) {
        assertThatThrownBy(() -> new PathPattern(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PathPattern("/" + "a".repeat(512))).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "/media/a/b, /media/a/",
        "/media/a/, /media/a/",
        "/media/a/*, /media/a/",
        "/media/a/v*/x, /media/a/",
        "/images/a*, /images/",
        "/images/a?b/c*, /images/",
        "/*, /",
        "/, /",
    })
    void theFolderHoldsAllThatIsCovered(String pattern, String folder) {
        assertThat(new PathPattern(pattern).folder()).isEqualTo(folder);
    }
}
