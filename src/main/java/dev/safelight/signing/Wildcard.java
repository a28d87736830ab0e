package dev.safelight.signing;

/// Patterns in which `*` stands for any number of characters, also none, and `?` for exactly one, whatever
/// they are.
final class Wildcard {
    private Wildcard() {}

    static boolean isIn(String pattern) {
        return pattern.indexOf('*') >= 0 || pattern.indexOf('?') >= 0;
    }

    /// Whether a pattern covers the whole text. Takes no more steps than the product of both lengths: after a
    /// mismatch, only the last `*` takes one more character.
    static boolean matches(String pattern, String whole) {
        int p = 0;
        int star = -1;
        int resume = 0;
        int t = 0;
        while (t < whole.length()) {
            char expected = p < pattern.length() ? pattern.charAt(p) : '\0';
            if (expected == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length() && (expected == '?' || expected == whole.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
