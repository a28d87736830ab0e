package dev.safelight.image;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tells references within a drawing, which are fine, from those that lead out of it.
final class SvgReference {
    private static final Pattern EMBEDDED_PICTURE =
            Pattern.compile("data:image/(png|jpe?g|gif|webp)[;,].*", Pattern.DOTALL);
    private static final Pattern SCRIPT = Pattern.compile("(java|vb|live)script:|data:(text/|application/|image/svg)");
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cntrl}\\p{Z}\\s]+");
    private static final Pattern CSS_COMMENT = Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL);
    private static final Pattern CSS_ESCAPE = Pattern.compile("\\\\([0-9a-fA-F]{1,6}\\s?|.)", Pattern.DOTALL);
    private static final Pattern CSS_FETCH =
            Pattern.compile("@import|image-set\\(|\\bimage\\(|\\bsrc\\(|expression\\(|-moz-binding|behavior:");
    private static final Pattern CSS_URL = Pattern.compile("url\\(\\s*[\"']?([^\"')]*)");

    private SvgReference() {}

    /// Checks the target of a link or an embedding.
    static void check(String target) throws ImageRejected {
        String address = INVISIBLE.matcher(target).replaceAll("").toLowerCase(Locale.ROOT);
        if (!address.isEmpty()
                && !address.startsWith("#")
                && !EMBEDDED_PICTURE.matcher(address).matches()) {
            throw SvgCheck.active("a reference to something outside of it");
        }
    }

    /// Whether a value anywhere is, or hides, the address of a script or of a document.
    static boolean isScript(String value) {
        return SCRIPT.matcher(INVISIBLE.matcher(value).replaceAll("").toLowerCase(Locale.ROOT))
                .find();
    }

    /// Checks CSS: a style sheet, a style attribute, or a property that is written as an attribute.
    static void checkStyle(String css) throws ImageRejected {
        // As written and as a parser of CSS sees it, because either reading may be the one that counts.
        checkPlainStyle(css.toLowerCase(Locale.ROOT));
        if (css.indexOf('\\') >= 0 || css.contains("/*")) {
            String uncommented = CSS_COMMENT.matcher(css).replaceAll("");
            checkPlainStyle(CSS_ESCAPE
                    .matcher(uncommented)
                    .replaceAll(escape -> Matcher.quoteReplacement(unescaped(escape.group(1))))
                    .toLowerCase(Locale.ROOT));
        }
    }

    private static void checkPlainStyle(String css) throws ImageRejected {
        if (CSS_FETCH.matcher(css).find()) {
            throw SvgCheck.active("a style that loads something");
        }
        Matcher urls = CSS_URL.matcher(css);
        while (urls.find()) {
            check(urls.group(1));
        }
    }

    private static String unescaped(String escape) {
        String digits = escape.strip();
        if (!digits.matches("[0-9a-fA-F]{1,6}")) {
            return escape;
        }
        int codePoint = Integer.parseInt(digits, 16);
        return Character.isValidCodePoint(codePoint) ? Character.toString(codePoint) : "";
    }
}
