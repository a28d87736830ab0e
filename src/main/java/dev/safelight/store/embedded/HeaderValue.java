package dev.safelight.store.embedded;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A header of the form `value; name=token; name="quoted"`, as `Content-Type` and `Content-Disposition` have it.
///
/// @param value in lower case
/// @param parameters by their names in lower case
record HeaderValue(String value, Map<String, String> parameters) {

    /// Empty when the text is not of this form or names a parameter twice.
    static Optional<HeaderValue> parse(String text) {
        int end = text.indexOf(';');
        String value = (end < 0 ? text : text.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        Map<String, String> parameters = new LinkedHashMap<>();
        int at = end < 0 ? text.length() : end + 1;
        while (at < text.length()) {
            int equals = text.indexOf('=', at);
            if (equals < 0) {
                return text.substring(at).isBlank()
                        ? Optional.of(new HeaderValue(value, parameters))
                        : Optional.empty();
            }
            String name = text.substring(at, equals).strip().toLowerCase(Locale.ROOT);
            StringBuilder content = new StringBuilder();
            at = readValue(text, equals + 1, content);
            if (at < 0 || name.isEmpty() || parameters.put(name, content.toString()) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(new HeaderValue(value, parameters));
    }

    /// Returns the place after the semicolon that ends the value, or a negative number if it is malformed.
    private static int readValue(String text, int at, StringBuilder content) {
        if (at < text.length() && text.charAt(at) == '"') {
            int i = at + 1;
            while (i < text.length() && text.charAt(i) != '"') {
                // Browsers write a quote as %22; others escape it. A backslash before anything else is itself.
                boolean escape =
                        text.charAt(i) == '\\' && i + 1 < text.length() && "\"\\".indexOf(text.charAt(i + 1)) >= 0;
                content.append(text.charAt(escape ? i + 1 : i));
                i += escape ? 2 : 1;
            }
            int end = text.indexOf(';', i);
            if (i >= text.length()
                    || !text.substring(i + 1, end < 0 ? text.length() : end).isBlank()) {
                return -1;
            }
            return end < 0 ? text.length() : end + 1;
        }
        int end = text.indexOf(';', at);
        content.append(text.substring(at, end < 0 ? text.length() : end).strip());
        return end < 0 ? text.length() : end + 1;
    }
}
