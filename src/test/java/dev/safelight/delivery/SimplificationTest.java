package dev.safelight.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.MediaType;
import dev.safelight.render.Reuse;
import dev.safelight.render.Subject;
import dev.safelight.transform.CanonicalText;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimplificationTest {
    private static final Subject STILL = subject(1);
    private static final Subject PAGES = subject(3);

    private static Subject subject(int pages) {
        return new Subject.Foreign(URI.create("http://a/b"), "c", MediaType.TIFF, 400, 300, pages, false, Reuse.FREE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "width=100&dpr=2&format=webp                  | width=200&format=webp",
                "width=900&format=webp                        | format=webp",
                "width=100&gravity=north&format=webp          | width=100&format=webp",
                "width=100&quality=10&format=png              | width=100&format=png",
                "width=100&background=navy&format=webp        | width=100&format=webp",
                "width=100&animated=false&format=webp         | width=100&format=webp"
            })
    void leavesOutWhatChangesNothing(String asked, String simple) {
        assertThat(Simplification.of(CanonicalText.read(asked), STILL)).isEqualTo(CanonicalText.read(simple));
    }

    @ParameterizedTest
    @CsvSource({
        "width=100&height=100&fit=cover&gravity=north&format=webp",
        "width=80&height=60&fit=cover&gravity=north&trim=10&format=webp",
        "width=350&height=400&autorotate=false&format=webp",
        "width=900&page=1&format=webp",
        "width=100&dpr=2&blur=3&format=webp",
        "width=100&pad=3&background=navy&format=webp"
    })
    void keepsWhatMayMatter(String asked) {
        assertThat(Simplification.of(CanonicalText.read(asked), PAGES)).isEqualTo(CanonicalText.read(asked));
    }
}
