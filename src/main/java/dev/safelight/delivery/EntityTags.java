package dev.safelight.delivery;

/// The value of `If-Match` or `If-None-Match`: `*`, or a list of entity tags (RFC 9110 §8.8.3, §13.1).
final class EntityTags {

    /// How two entity tags are compared (RFC 9110 §8.8.3.2).
    enum Comparison {
        /// Equal, and neither is weak.
        STRONG,
        /// Equal but for the mark of weakness.
        WEAK
    }

    private EntityTags() {}

    /// Whether the field names a strong tag; a malformed list names none.
    ///
    /// @param etag with its quotes
    static boolean match(String field, String etag, Comparison comparison) {
        if (field.strip().equals("*")) {
            return true;
        }
        boolean found = false;
        boolean wantsComma = false;
        int at = 0;
        while (at < field.length()) {
            char c = field.charAt(at);
            if (c == ' ' || c == '\t') {
                at++;
            } else if (c == ',') {
                wantsComma = false;
                at++;
            } else {
                boolean weak = field.startsWith("W/", at);
                int open = weak ? at + 2 : at;
                int close = endOfTag(field, open);
                if (close < 0 || wantsComma) {
                    return false;
                }
                found |= (!weak || comparison == Comparison.WEAK)
                        && etag.length() == close - open
                        && field.startsWith(etag, open);
                wantsComma = true;
                at = close;
            }
        }
        return found;
    }

    /// The place after the closing quote, or -1 when no well-formed opaque tag begins here.
    private static int endOfTag(String field, int open) {
        if (open >= field.length() || field.charAt(open) != '"') {
            return -1;
        }
        for (int i = open + 1; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '"') {
                return i + 1;
            }
            if (c < 0x21 || c == 0x7F) {
                return -1;
            }
        }
        return -1;
    }
}
