package dev.safelight.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;

/// Whatever is written as comma-separated values is read as what it was.
class CsvPropertyTest {
    @Property(tries = 500)
    void isReadAsItWasWritten(
            @ForAll @Size(min = 1, max = 5) List<@Size(min = 1, max = 5) List<@NotEmpty String>> lines) {
        Csv csv = new Csv();
        lines.forEach(csv::line);

        assertThat(read(csv.toString())).isEqualTo(lines);
    }

    /// A reader that knows nothing of the writer but RFC 4180.
    private static List<List<String>> read(String text) {
        List<List<String>> lines = new ArrayList<>();
        List<String> line = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c != '"') {
                    field.append(c);
                } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    field.append(c);
                    i++;
                } else {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',' || c == '\r') {
                line.add(field.toString());
                field.setLength(0);
                if (c == '\r') {
                    i++;
                    lines.add(line);
                    line = new ArrayList<>();
                }
            } else {
                field.append(c);
            }
        }
        return lines;
    }
}
