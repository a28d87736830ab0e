package dev.safelight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static @Nullable Duration read(String value) {
        return RetryAfter.of(HttpHeaders.of(Map.of("Retry-After", List.of(value)), (name, text) -> true));
    }

    @Test
    void readsSecondsAndDates() {
        assertThat(read("0")).isEqualTo(Duration.ZERO);
        assertThat(read("120")).isEqualTo(Duration.ofMinutes(2));
        assertThat(read("Fri, 01 Jan 2100 00:00:00 GMT")).isGreaterThan(Duration.ofDays(365));
        assertThat(read("Thu, 01 Jan 1970 00:00:00 GMT")).isEqualTo(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "1.5", "99999999999", "2100-01-01", "Fri, 99 Jan 2100 00:00:00 GMT"})
    void knowsNothingOfWhatMakesNoSense(String value) {
        assertThat(read(value)).isNull();
    }

    @Test
    void knowsNothingWithoutTheHeader() {
        assertThat(RetryAfter.of(HttpHeaders.of(Map.of(), (name, text) -> true)))
                .isNull();
    }
}
