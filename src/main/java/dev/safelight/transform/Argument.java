package dev.safelight.transform;

import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// A value as it was given, with the name of its option for complaints.
record Argument(String option, String text) {
    /// Plain decimals only: no exponents, no hexadecimal, no words.
    private static final Pattern NUMBER = Pattern.compile("-?([0-9]{1,9}(\\.[0-9]{0,20})?|\\.[0-9]{1,20})");

    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,12}");
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8}");
    private static final int SHOWN = 40;

    private static final Map<String, Boolean> FLAGS = Map.ofEntries(
            Map.entry("true", true),
            Map.entry("t", true),
            Map.entry("1", true),
            Map.entry("false", false),
            Map.entry("f", false),
            Map.entry("0", false));

    private static final Map<String, MediaType> FORMATS = Map.of(
            "jpeg", MediaType.JPEG,
            "jpg", MediaType.JPEG,
            "png", MediaType.PNG,
            "webp", MediaType.WEBP,
            "avif", MediaType.AVIF,
            "gif", MediaType.GIF);

    static final String FORMAT_WORDS = "jpeg, jpg, png, webp, avif or gif";

    Failure refuse(String allowed) {
        return new Failure(
                Failure.Kind.INVALID, "%s cannot be \"%s\"; it is %s".formatted(shown(option), shown(text), allowed));
    }

    /// Shortened, and without anything that a terminal or a page would obey.
    static String shown(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length() && i < SHOWN; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 127 && c != '"' && c != '\\') {
                out.append(c);
            } else {
                out.append("\\u%04x".formatted((int) c));
            }
        }
        return text.length() > SHOWN ? out.append("...").toString() : out.toString();
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    Argument with(String other) {
        return new Argument(option, other);
    }

    int whole(int min, int max) {
        return (int) whole((long) min, (long) max);
    }

    long whole(long min, long max) {
        String allowed = "a whole number from %d to %d".formatted(min, max);
        if (!WHOLE.matcher(text).matches()) {
            throw refuse(allowed);
        }
        long value = Long.parseLong(text);
        if (value < min || value > max) {
            throw refuse(allowed);
        }
        return value;
    }

    double number(double min, double max) {
        String allowed = "a number from %s to %s".formatted(Decimals.text(min), Decimals.text(max));
        if (!NUMBER.matcher(text).matches()) {
            throw refuse(allowed);
        }
        double value = Double.parseDouble(text);
        if (!(value >= min && value <= max)) {
            throw refuse(allowed);
        }
        return Decimals.rounded(value);
    }

    boolean flag() {
        Boolean value = FLAGS.get(text.toLowerCase(Locale.ROOT));
        if (value == null) {
            throw refuse("true or false");
        }
        return value;
    }

    boolean isFlag() {
        return FLAGS.containsKey(text.toLowerCase(Locale.ROOT));
    }

    MediaType format() {
        MediaType type = FORMATS.get(text.toLowerCase(Locale.ROOT));
        if (type == null) {
            throw refuse(FORMAT_WORDS);
        }
        return type;
    }

    /// Any format of pictures, also those that are never written.
    MediaType picture() {
        return MediaType.ofFileName("." + text)
                .filter(type -> type.kind() == MediaType.Kind.IMAGE && text.indexOf('.') < 0)
                .orElseThrow(() -> refuse("a format of pictures"));
    }

    <T> T oneOf(Map<String, T> words) {
        T value = words.get(text);
        if (value == null) {
            throw refuse("one of "
                    + String.join(", ", words.keySet().stream().sorted().toList()));
        }
        return value;
    }

    /// The parts between separators, empty ones included.
    List<Argument> split(char separator, int fewest, int most, String allowed) {
        List<Argument> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == separator) {
                parts.add(with(text.substring(start, i)));
                start = i + 1;
            }
        }
        if (parts.size() < fewest || parts.size() > most) {
            throw refuse(allowed);
        }
        return parts;
    }

    Color hexColor() {
        if (!HEX.matcher(text).matches()) {
            throw refuse("a colour of 3, 6 or 8 hexadecimal digits");
        }
        String digits = text;
        if (text.length() == 3) {
            StringBuilder doubled = new StringBuilder();
            text.chars().forEach(c -> doubled.append((char) c).append((char) c));
            digits = doubled.toString();
        }
        long value = Long.parseLong(digits, 16);
        if (digits.length() == 6) {
            value = value << 8 | 0xff;
        }
        return new Color((int) (value >> 24 & 0xff), (int) (value >> 16 & 0xff), (int) (value >> 8 & 0xff), (int)
                (value & 0xff));
    }
}
