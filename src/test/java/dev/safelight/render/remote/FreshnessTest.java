package dev.safelight.render.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FreshnessTest {
    private static final String DATE = "Sat, 21 Nov 2026 05:00:00 GMT";

    private static Freshness of(String... namesAndValues) {
        HttpFields.Mutable fields = HttpFields.build();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return Freshness.of(fields);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-age=600                             | 600   | true",
                "public, MAX-AGE = 600                   | 600   | true",
                "max-age=\"600\"                         | 600   | true",
                "max-age=600, max-age=9                  | 600   | true",
                "max-age=0                               | 0     | true",
                "max-age=-1                              | 0     | true",
                "max-age=soon                            | 0     | true",
                "max-age                                 | 0     | true",
                "max-age=99999999999999999999999         | 86400 | true",
                "max-age=31536000, immutable             | 86400 | true",
                "max-age=600, no-cache=\"set-cookie\"    | 600   | true",
                "private=\"set-cookie, x\", max-age=600  | 600   | true",
                "max-age=600, must-revalidate            | 600   | false",
                "max-age=600, Proxy-Revalidate           | 600   | false",
                "s-maxage=60, max-age=600                | 60    | false",
                "max-age=600, s-maxage=60                | 60    | false",
                "s-maxage=soon, max-age=600              | 0     | false",
                "no-cache                                | 0     | false",
                "max-age=600, no-cache                   | 0     | false",
                "no-cache=\"x\", max-age=600, No-Cache   | 0     | false",
                "x=\", no-cache\", max-age=600           | 600   | true"
            })
    void isWhatTheHostSaysToSharedCaches(String cacheControl, long seconds, boolean stale) {
        assertThat(of("Cache-Control", cacheControl))
                .isEqualTo(new Freshness(Duration.ofSeconds(seconds), true, stale, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-store",
                "max-age=600, no-store",
                "NO-STORE=1",
                "private",
                "private, max-age=600",
                "private=\"x\", private"
            })
    void nothingIsKeptThatIsForOneCaller(String cacheControl) {
        assertThat(of("Cache-Control", cacheControl)).isEqualTo(new Freshness(Duration.ZERO, true, false, false));
    }

    @Test
    void readsAllFieldsOfTheName() {
        assertThat(of("Cache-Control", "max-age=600", "cache-control", "must-revalidate"))
                .isEqualTo(new Freshness(Duration.ofMinutes(10), true, false, true));
    }

    @Test
    void isAMomentWhereTheHostSaysNothing() {
        assertThat(of()).isEqualTo(new Freshness(Duration.ofMinutes(1), false, true, true));
        assertThat(of("Cache-Control", "public")).isEqualTo(of());
        assertThat(of("Cache-Control", "must-revalidate"))
                .isEqualTo(new Freshness(Duration.ofMinutes(1), true, false, true));
    }

    @ParameterizedTest
    @CsvSource({"100, 500", "600, 0", "601, 0", "x, 600", "99999999999999999999, 0"})
    void countsTheTimeInOtherCaches(String age, long seconds) {
        assertThat(of("Cache-Control", "max-age=600", "Age", age).lifetime()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sat, 21 Nov 2026 05:10:00 GMT | 600",
                "Sat, 21 Nov 2026 04:00:00 GMT | 0",
                "Wed, 21 Nov 2029 05:00:00 GMT | 86400",
                "0                             | 0",
                "-1                            | 0"
            })
    void countsExpiresFromDate(String expires, long seconds) {
        assertThat(of("Expires", expires, "Date", DATE))
                .isEqualTo(new Freshness(Duration.ofSeconds(seconds), true, true, true));
        assertThat(of("Expires", expires, "Date", DATE, "Cache-Control", "max-age=5")
                        .lifetime())
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(of("Expires", expires).lifetime()).isEqualTo(Duration.ZERO);
    }

    @Provide
    Arbitrary<String> nonsense() {
        return Arbitraries.of(
                        "max-age",
                        "no-cache",
                        "private",
                        "s-maxage",
                        "=",
                        ",",
                        ";",
                        "\"",
                        "\\",
                        " ",
                        "\t",
                        "1",
                        "9999999",
                        "-",
                        "\u00e9",
                        "\u0000",
                        "a",
                        "GMT")
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 2_000)
    void readsWhateverAHostSends(@ForAll("nonsense") String one, @ForAll("nonsense") String other) {
        Freshness freshness =
                of("Cache-Control", one, "Cache-Control", other, "Age", one, "Expires", one, "Date", other);
        assertThat(freshness.lifetime()).isBetween(Duration.ZERO, Freshness.LONGEST);
    }
}
