package dev.safelight.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads CSS as far as it decides what a drawing loads and how often it draws things.
///
/// Every pattern here takes linear time on any text; comments, where a pattern would not, are cut out by hand.
final class SvgStyle {
    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-9a-fA-F]{1,6}\\s?|.)", Pattern.DOTALL);
    private static final Pattern FETCH =
            Pattern.compile("@import|image-set\\(|\\bimage\\(|\\bsrc\\(|expression\\(|-moz-binding|behavior:");
    private static final Pattern FILTER = Pattern.compile(
            "\\b(blur|drop-shadow|brightness|contrast|grayscale|hue-rotate|invert|opacity|saturate|sepia)\\(");
    private static final Pattern URL = Pattern.compile("url\\(\\s*+[\"']?([^\"')]*+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern PLAIN_NAME = Pattern.compile("[\\w-]+");

    private SvgStyle() {}

    /// A reference from a property to an element of the drawing, by its identifier.
    record Use(String property, String identifier) {}

    /// The uses in the elements that a selector may match.
    ///
    /// @param selector `.class`, `#id` or a name of elements; `*` for everything, and for what is not understood
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
        if (FETCH.matcher(lower).find()) {
            throw SvgCheck.active("a style that loads something");
        }
        if (FILTER.matcher(lower).find()) {
            throw SvgCheck.filters();
        }
        long pixels = 0;
        Matcher urls = URL.matcher(css);
        while (urls.find()) {
            pixels += SvgReference.check(urls.group(1)).orElse(0);
        }
        return pixels;
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
        String text = css.contains("/*") ? uncommented(css) : css;
        return text.indexOf('\\') < 0
                ? text
                : ESCAPE.matcher(text).replaceAll(escape -> Matcher.quoteReplacement(unescaped(escape.group(1))));
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

    private static String unescaped(String escape) {
        String digits = escape.strip();
        if (digits.isEmpty() || !digits.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            return escape;
        }
        int codePoint = Integer.parseInt(digits, 16);
        return Character.isValidCodePoint(codePoint) ? Character.toString(codePoint) : "";
    }
}
