package dev.safelight.transform;

import dev.safelight.asset.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The media ranges of an `Accept` header (RFC 9110, 12.5.1); parts that are malformed count as not written.
record AcceptHeader(List<Range> ranges) {
    /// Browsers send about 150 characters; what stands behind this many is not read.
    private static final int LONGEST = 2000;

    private static final int MOST_RANGES = 100;
    private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";
    private static final Pattern TYPE = Pattern.compile("(" + TOKEN + ")/(" + TOKEN + ")");
    private static final Pattern PARAMETER = Pattern.compile("(" + TOKEN + ")=(" + TOKEN + "|\"([^\"\\\\]|\\\\.)*\")");
    private static final Pattern WEIGHT = Pattern.compile("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?");

    /// @param thousandths the q-value, 0 to 1000
    record Range(String type, String subtype, int thousandths) {
        boolean isExactly(MediaType wanted) {
            return wanted.text().equals(type + "/" + subtype);
        }

        /// 3 for the type itself, 2 for its group, 1 for anything, 0 for no match.
        int closeness(MediaType wanted) {
            if (isExactly(wanted)) {
                return 3;
            }
            if (!subtype.equals("*")) {
                return 0;
            }
            return type.equals("*") ? 1 : wanted.text().startsWith(type + "/") ? 2 : 0;
        }
    }

    /// A missing header accepts anything.
    static AcceptHeader parse(@Nullable String text) {
        List<Range> ranges = new ArrayList<>();
        String known = text == null ? "" : text.substring(0, Math.min(text.length(), LONGEST));
        for (String part : split(known, ',')) {
            Range range = range(part);
            if (range != null && ranges.size() < MOST_RANGES) {
                ranges.add(range);
            }
        }
        return new AcceptHeader(ranges.isEmpty() ? List.of(new Range("*", "*", 1000)) : List.copyOf(ranges));
    }

    /// The q-value by the closest range, in thousandths; 0 when the type is refused or not mentioned.
    int weight(MediaType wanted) {
        int closest = 0;
        int weight = 0;
        for (Range range : ranges) {
            int closeness = range.closeness(wanted);
            // Of two equal ranges the smaller value holds, so that a refusal is never overlooked.
            if (closeness > closest || (closeness == closest && closeness > 0 && range.thousandths < weight)) {
                closest = closeness;
                weight = range.thousandths;
            }
        }
        return weight;
    }

    boolean names(MediaType wanted) {
        return ranges.stream().anyMatch(range -> range.isExactly(wanted));
    }

    private static @Nullable Range range(String part) {
        List<String> pieces = split(part, ';');
        Matcher type = TYPE.matcher(pieces.getFirst().strip());
        if (!type.matches()) {
            return null;
        }
        String group = type.group(1).toLowerCase(Locale.ROOT);
        String subtype = type.group(2).toLowerCase(Locale.ROOT);
        if (group.equals("*") && !subtype.equals("*")) {
            return null;
        }
        for (String piece : pieces.subList(1, pieces.size())) {
            Matcher parameter = PARAMETER.matcher(piece.strip());
            if (!parameter.matches()) {
                return null;
            }
            if (parameter.group(1).equalsIgnoreCase("q")) {
                return weighted(group, subtype, parameter.group(2));
            }
            // A range with parameters means a representation that is more special than any offered.
            return null;
        }
        return new Range(group, subtype, 1000);
    }

    private static @Nullable Range weighted(String group, String subtype, String weight) {
        return WEIGHT.matcher(weight).matches()
                ? new Range(group, subtype, (int) Math.round(Double.parseDouble(weight) * 1000))
                : null;
    }

    /// Splits outside of quoted strings.
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }
}
