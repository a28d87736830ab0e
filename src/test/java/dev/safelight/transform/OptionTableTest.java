package dev.safelight.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// With `-Dsafelight.docs.write=true` it writes the tables instead of comparing them.
class OptionTableTest {
    private static final Path PAGE = Path.of("docs/transformations.md");
    private static final String START = "<!-- options: start -->\n";
    private static final String END = "<!-- options: end -->\n";

    @Test
    void thePageHasTheTablesOfThisVersion() throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf(START) + START.length();
        int end = page.indexOf(END);
        assertThat(end).as("%s has both markers", PAGE).isGreaterThan(start - 1);
        if (Boolean.getBoolean("safelight.docs.write")) {
            Files.writeString(PAGE, page.substring(0, start) + OptionTable.markdown() + page.substring(end));
            return;
        }
        assertThat(page.substring(start, end)).isEqualTo(OptionTable.markdown());
    }
}
