package dev.safelight.upload;

import java.util.Map;
import java.util.TreeMap;

/// Writes the little XML that uploaders read.
final class S3Xml {
    static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    private S3Xml() {}

    /// @param content XML already
    static String element(String name, String content) {
        return "<" + name + ">" + content + "</" + name + ">";
    }

    /// Elements with text, by name.
    static String texts(Map<String, String> texts) {
        StringBuilder all = new StringBuilder();
        new TreeMap<>(texts).forEach((name, text) -> all.append(element(name, escaped(text))));
        return all.toString();
    }

    /// Text as it may stand in an element; what XML cannot hold at all becomes a question mark.
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            switch (point) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&apos;");
                default -> escaped.appendCodePoint(isAllowed(point) ? point : '?');
            }
        });
        return escaped.toString();
    }

    private static boolean isAllowed(int point) {
        return point == '\t'
                || point == '\n'
                || (point >= 0x20 && point <= 0xd7ff)
                || (point >= 0xe000 && point <= 0xfffd)
                || point >= 0x10000;
    }
}
