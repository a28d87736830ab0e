package dev.safelight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GivenTest {
    @Test
    void leavesOutWhatWasNotGiven() {
        Given given = new Given()
                .with("absent", null)
                .with("list", List.of())
                .with("map", Map.of())
                .with("text", "")
                .with("number", 0)
                .with("values", List.of("a"));

        assertThat(given.body()).containsExactly(entry("text", ""), entry("number", 0), entry("values", List.of("a")));
    }

    @Test
    void isEncodedInAnAddress() {
        assertThat(new Given().with("absent", null).query()).isEmpty();
        assertThat(new Given().with("limit", 50).with("account", "a b&c=ü+").query())
                .isEqualTo("?limit=50&account=a%20b%26c%3D%C3%BC%2B");
    }
}
