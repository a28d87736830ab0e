package dev.safelight.render.remote;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/// Paths and queries in the one form in which they are compared and sent.
final class UrlPath {
    /// Encoded dots, slashes, backslashes and control characters, also encoded twice or more: servers differ in whether
    /// they take them for what they encode.
    private static final Pattern DISGUISED =
            Pattern.compile("%(25)*(2e|2f|5c|[01][0-9a-f]|7f)", Pattern.CASE_INSENSITIVE);

    private static final Pattern DOT_SEGMENT = Pattern.compile("\\.{1,2}(;.*)?");
    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_~";
    private static final String ALLOWED = "!$&'()*+,;=:@/?.";

    private UrlPath() {}

    /// The segments of a path that begins with a slash; one that ends with a slash has an empty last segment.
    ///
    /// @throws IllegalArgumentException with a message for the caller
    static List<String> segments(String path) {
        if (DISGUISED.matcher(path).find()) {
            throw new IllegalArgumentException("the path has an encoded dot, slash, backslash or control character");
        }
        List<String> segments = List.of(encode(path).substring(1).split("/", -1));
        if (segments.stream().anyMatch(segment -> DOT_SEGMENT.matcher(segment).matches())) {
            throw new IllegalArgumentException("the path has a segment . or ..");
        }
        return segments;
    }

    /// The same text with everything encoded that has to be, in capital digits, and nothing that need not be.
    static String encode(String text) {
        StringBuilder out = new StringBuilder();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int b = bytes[i] & 0xff;
            if (b == '%') {
                b = decode(bytes, i);
                i += 2;
                append(out, b, isPlain(b));
            } else if (b <= ' ' || b == '\\' || b == 0x7f) {
                throw new IllegalArgumentException("it has a space, a backslash or a control character");
            } else {
                append(out, b, isPlain(b) || ALLOWED.indexOf(b) >= 0);
            }
        }
        return out.toString();
    }

    private static void append(StringBuilder out, int b, boolean plain) {
        if (plain) {
            out.append((char) b);
        } else {
            out.append("%%%02X".formatted(b));
        }
    }

    private static boolean isPlain(int b) {
        return PLAIN.indexOf(b) >= 0;
    }

    private static int decode(byte[] bytes, int at) {
        int high = at + 2 < bytes.length ? Character.digit(bytes[at + 1], 16) : -1;
        int low = at + 2 < bytes.length ? Character.digit(bytes[at + 2], 16) : -1;
        if (high < 0 || low < 0) {
            throw new IllegalArgumentException("it has a % that is not followed by two digits");
        }
        return high << 4 | low;
    }
}
