package dev.safelight.signing;

import java.util.regex.Pattern;

/// The paths that a signature covers: one; or, with a slash at its end, all below it; or, with `*` and `?` in
/// it, all that look so.
///
/// Paths are compared as they are sent, escapes included. A query is no part of them.
///
/// @param text 1 to 512 characters of paths, with a slash in front
public record PathPattern(String text) {
    static final int LONGEST = 512;

    private static final Pattern FORM = Pattern.compile("/[A-Za-z0-9/._~+%:@!$&'(),;=*?-]{0,511}");
    private static final String ALLOWED =
            "a path has a slash in front, 1 to " + LONGEST + " characters of URLs, and perhaps the wildcards * and ?";

    public PathPattern {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(ALLOWED);
        }
    }

    public boolean covers(String path) {
        if (Wildcard.isIn(text)) {
            return Wildcard.matches(text, path);
        }
        return text.endsWith("/") ? path.length() > text.length() && path.startsWith(text) : path.equals(text);
    }

    /// Whether it is one path.
    public boolean isExact() {
        return !Wildcard.isIn(text) && !text.endsWith("/");
    }

    /// The folder that holds all it covers, with a slash at its end.
    public String folder() {
        int end = text.length();
        for (char wildcard : new char[] {'*', '?'}) {
            int at = text.indexOf(wildcard);
            end = at < 0 ? end : Math.min(end, at);
        }
        return text.substring(0, text.lastIndexOf('/', end - 1) + 1);
    }

    @Override
    public String toString() {
        return text;
    }
}
