package dev.safelight.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.render.Reuse;
import dev.safelight.transform.CanonicalText;
import dev.safelight.transform.Hints;
import dev.safelight.transform.ImageRequest;
import dev.safelight.transform.Source;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What caches are told about pictures that anybody may have.
class ImageAnswersTest {
    private static final Instant NOW = Instant.parse("2026-11-29T08:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private static String told(Reuse reuse, Duration stale, @Nullable Instant expires) {
        ImageRequest wanted = new ImageRequest(
                new Source.Remote(URI.create("http://host/a.jpg")),
                CanonicalText.read("width=300&format=jpeg"),
                expires,
                null,
                false,
                false,
                Hints.NONE,
                List.of(),
                Set.of());
        return String.valueOf(new ImageAnswers(DAY, stale, false, CacheTagFields.NONE, () -> NOW)
                .fields(wanted, new Permit.Everybody(), reuse)
                .get("Cache-Control"));
    }

    private static String old(int seconds) {
        return ", stale-while-revalidate=%1$d, stale-if-error=%1$d".formatted(seconds);
    }

    @Test
    void sayWhatTheSettingsSayOfAssets() {
        assertThat(told(Reuse.FREE, DAY, null)).isEqualTo("public, max-age=86400" + old(86_400));
        assertThat(told(Reuse.FREE, Duration.ZERO, null)).isEqualTo("public, max-age=86400");
        assertThat(told(Reuse.FREE, DAY, NOW.plusSeconds(9))).isEqualTo("public, max-age=9");
    }

    /// Fresh for so many seconds more, used for so many after that, and what is told.
    @ParameterizedTest
    @CsvSource({"60, 3600, 60, 3600", "60, 172800, 60, 86400", "0, 3600, 0, 3600", "-600, 3600, 0, 3000"})
    void allowNoMoreUseOfWhatIsOldThanThisServerMakes(int fresh, int stale, int age, int thenStale) {
        Reuse reuse = new Reuse(null, NOW.plusSeconds(fresh), Duration.ofSeconds(stale));
        assertThat(told(reuse, DAY, null)).isEqualTo("public, max-age=" + age + old(thenStale));
        assertThat(told(reuse, Duration.ofSeconds(5), null)).isEqualTo("public, max-age=" + age + old(5));
    }

    @Test
    void allowNoneWhereThereIsNone() {
        Reuse stated = new Reuse(null, NOW.plusSeconds(60), Duration.ZERO);
        assertThat(told(stated, DAY, null)).isEqualTo("public, max-age=60, must-revalidate");
        assertThat(told(stated, DAY, NOW.plusSeconds(9))).isEqualTo("public, max-age=9, must-revalidate");
        Reuse unstated = new Reuse(null, null, Duration.ZERO);
        assertThat(told(unstated, DAY, null)).isEqualTo("public, max-age=86400, must-revalidate");
        Reuse over = new Reuse(null, NOW.minusSeconds(60), Duration.ofSeconds(60));
        assertThat(told(over, DAY, null)).isEqualTo("public, max-age=0");
        Reuse once = new Reuse(UUID.randomUUID(), NOW, Duration.ZERO);
        assertThat(told(once, DAY, null)).isEqualTo("private, no-store");
    }
}
