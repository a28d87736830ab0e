package dev.safelight.image;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads CSS as far as it decides what a drawing loads and how often it draws things.
///
/// All of it takes linear time on any text, and little: drawings of many megabytes come from anybody. So
/// patterns are for what is rare, and comments and escapes are read by hand.
final class SvgStyle {
    private static final List<String> FETCHES =
            List.of("@import", "image-set(", "expression(", "-moz-binding", "behavior:");
    private static final List<String> FETCHING_FUNCTIONS = List.of("image(", "src(");
    private static final List<String> FILTERS = List.of(
            "blur(",
            "drop-shadow(",
            "brightness(",
            "contrast(",
            "grayscale(",
            "hue-rotate(",
            "invert(",
            "opacity(",
            "saturate(",
            "sepia(");
    private static final Pattern URL = Pattern.compile("url\\(\\s*+[\"']?([^\"')]*+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern PLAIN_NAME = Pattern.compile("[\\w-]+");

    /// Hexadecimal digits of an escaped character (CSS Syntax Module, section 4.3.7).
    private static final int MOST_DIGITS = 6;

    private SvgStyle() {}

    /// A reference from a property to an element of the drawing, by its identifier.
    record Use(String property, String identifier) {}

    /// The uses in the elements that a selector may match.
    ///
    /// @param selector `.class`, `#id` or a name of elements; `*` for everything, and for what is not
    /// understood
    record Rule(String selector, List<Use> uses) {}

    /// Checks CSS: a style sheet, a style attribute, or a property that is written as an attribute.
    ///
    /// @return the pixels of the pictures that are embedded in it
    static long check(String css) throws ImageRejected {
        // As written and as a parser of CSS sees it, because either reading may be the one that counts.
        long pixels = checkPlain(css);
        String read = asRead(css);
        return read.equals(css) ? pixels : Math.max(pixels, checkPlain(read));
    }

    private static long checkPlain(String css) throws ImageRejected {
        String lower = css.toLowerCase(Locale.ROOT);
        if (FETCHES.stream().anyMatch(lower::contains) || callsAny(lower, FETCHING_FUNCTIONS)) {
            throw SvgCheck.active("a style that loads something");
        }
        if (callsAny(lower, FILTERS)) {
            throw SvgCheck.filters();
        }
        long pixels = 0;
        Matcher urls = URL.matcher(css);
        while (urls.find()) {
            pixels += SvgReference.check(urls.group(1)).orElse(0);
        }
        return pixels;
    }

    /// Whether one of these stands at the beginning of a word.
    private static boolean callsAny(String css, List<String> functions) {
        for (String function : functions) {
            for (int at = css.indexOf(function); at >= 0; at = css.indexOf(function, at + 1)) {
                if (at == 0 || !isOfWord(css.charAt(at - 1))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isOfWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    }

    /// The references in the declarations of one element.
    static List<Use> uses(String declarations) throws ImageRejected {
        List<Use> uses = new ArrayList<>();
        for (String declaration : asRead(declarations).split(";", -1)) {
            int colon = declaration.indexOf(':');
            String property =
                    declaration.substring(0, Math.max(0, colon)).strip().toLowerCase(Locale.ROOT);
            uses.addAll(uses(property, declaration));
        }
        return uses;
    }

    /// The references in the value of one property.
    static List<Use> uses(String property, String value) throws ImageRejected {
        List<Use> uses = new ArrayList<>();
        Matcher urls = URL.matcher(asRead(value));
        while (urls.find()) {
            SvgReference.identifier(urls.group(1)).ifPresent(id -> uses.add(new Use(property, id)));
        }
        return uses;
    }

    /// The references in a style sheet.
    static List<Rule> rules(String sheet) throws ImageRejected {
        if (!isSimple(sheet)) {
            List<Use> all = new ArrayList<>(uses("", sheet));
            return all.isEmpty() ? List.of() : List.of(new Rule("*", all));
        }
        List<Rule> rules = new ArrayList<>();
        for (String block : asRead(sheet).split("}", -1)) {
            int open = block.lastIndexOf('{');
            List<Use> uses = open < 0 ? List.of() : uses(block.substring(open + 1));
            if (!uses.isEmpty()) {
                String selectors = block.substring(block.lastIndexOf('{', open - 1) + 1, open);
                for (String selector : selectors.split(",", -1)) {
                    rules.add(new Rule(subject(selector), uses));
                }
            }
        }
        return rules;
    }

    /// Whether braces are all that structures the sheet: none of them escaped or within quotes.
    private static boolean isSimple(String sheet) {
        char quote = 0;
        for (int i = 0; i < sheet.length(); i++) {
            char c = sheet.charAt(i);
            if (c == '\\' || (quote != 0 && "{}/*\n".indexOf(c) >= 0 && !isData(sheet, i))) {
                return false;
            }
            if (c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            }
        }
        return quote == 0;
    }

    /// A slash alone is part of many addresses.
    private static boolean isData(String sheet, int position) {
        return sheet.charAt(position) == '/' && !sheet.startsWith("/*", position);
    }

    /// What the last part of a selector asks for: that is the element which gets the style.
    private static String subject(String selector) {
        String[] parts = selector.strip().split("[\\s>+~]", -1);
        String last = parts[parts.length - 1];
        if (PLAIN_NAME.matcher(last).matches()) {
            return last.toLowerCase(Locale.ROOT);
        }
        boolean named = !last.isEmpty() && (last.charAt(0) == '.' || last.charAt(0) == '#');
        return named && PLAIN_NAME.matcher(last.substring(1)).matches() ? last : "*";
    }

    /// Without comments, and with escapes as what they stand for.
    private static String asRead(String css) throws ImageRejected {
        // A parser takes all ends of lines for one character, which an escape may end with.
        String lines = css.indexOf('\r') < 0 ? css : css.replace("\r\n", "\n");
        String text = lines.contains("/*") ? uncommented(lines) : lines;
        return text.indexOf('\\') < 0 ? text : unescaped(text);
    }

    private static String uncommented(String css) throws ImageRejected {
        StringBuilder text = new StringBuilder(css.length());
        int position = 0;
        for (int start = css.indexOf("/*"); start >= 0; start = css.indexOf("/*", position)) {
            int end = css.indexOf("*/", start + 2);
            if (end < 0) {
                throw SvgCheck.active("a style with a comment that never ends");
            }
            text.append(css, position, start);
            position = end + 2;
        }
        return text.append(css, position, css.length()).toString();
    }

    private static String unescaped(String css) {
        StringBuilder text = new StringBuilder(css.length());
        int position = 0;
        while (position < css.length()) {
            char c = css.charAt(position++);
            if (c != '\\' || position == css.length()) {
                text.append(c);
                continue;
            }
            int end = endOfDigits(css, position);
            if (end == position) {
                text.append(css.charAt(position++));
                continue;
            }
            int codePoint = Integer.parseInt(css, position, end, 16);
            if (Character.isValidCodePoint(codePoint)) {
                text.appendCodePoint(codePoint);
            }
            position = end < css.length() && isSpace(css.charAt(end)) ? end + 1 : end;
        }
        return text.toString();
    }

    private static int endOfDigits(String css, int start) {
        int end = start;
        while (end < css.length() && end - start < MOST_DIGITS && HexFormat.isHexDigit(css.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}
