package dev.safelight.usage;

import java.util.List;
import java.util.stream.Collectors;

/// Writes lines of comma-separated values (RFC 4180).
final class Csv {
    private final StringBuilder text = new StringBuilder();

    Csv line(List<String> values) {
        text.append(values.stream().map(Csv::field).collect(Collectors.joining(",")))
                .append("\r\n");
        return this;
    }

    private static String field(String value) {
        boolean plain = value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
