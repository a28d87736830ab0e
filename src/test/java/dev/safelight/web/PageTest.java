package dev.safelight.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {
    @Test
    void goesOnBehindItsLastEntryWhereThereIsOneMore() {
        assertThat(Page.of(List.of(1, 2, 3), 2, last -> "after " + last))
                .isEqualTo(new Page<>(List.of(1, 2), "after 2"));
        assertThat(Page.of(List.of(1, 2), 2, last -> "after " + last)).isEqualTo(new Page<>(List.of(1, 2), null));
        assertThat(Page.of(List.<Integer>of(), 2, last -> "after " + last)).isEqualTo(new Page<>(List.of(), null));
    }

    @Test
    void hasOneTo200Entries() {
        assertThat(Page.size("1")).isOne();
        assertThat(Page.size("200")).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "201", "1000", "-1", "+1", "", "ten", "1.0", "٣"})
    void refusesOtherSizes(String limit) {
        assertThatThrownBy(() -> Page.size(limit))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID))
                .hasMessageContaining("1 to 200");
    }
}
