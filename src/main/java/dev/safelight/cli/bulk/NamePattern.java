package dev.safelight.cli.bulk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads SKU, part and role from the names of files, such as `{sku}_{role}.{ext}`.
///
/// A placeholder takes what stands before the first occurrence of the text that follows it; the last one takes the
/// rest. `.{ext}` at the end is the extension after the last dot. With `/` the pattern is held against as many
/// folders at the end of the path, else against the name. `{{` and `}}` are braces.
public final class NamePattern {
    private static final Pattern TOKEN = Pattern.compile("\\{\\{|\\}\\}|\\{([^{}]*)\\}|[{}]|[^{}]+");
    private static final Set<String> KNOWN = Set.of("sku", "part", "role", "any", "ext");
    private static final String EXTENSION = ".{ext}";

    private final Pattern regex;
    private final Map<String, Integer> groups = new TreeMap<>();
    private final int depth;

    /// @throws IllegalArgumentException when it is malformed
    public NamePattern(String text) {
        boolean endsInExtension = text.endsWith(EXTENSION);
        List<String> tokens = tokens(endsInExtension ? text.substring(0, text.length() - EXTENSION.length()) : text);
        depth = (int) text.chars().filter(letter -> letter == '/').count() + 1;
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            if (isLiteral(token)) {
                pattern.append(Pattern.quote(token.substring(1)));
            } else {
                name(token);
                pattern.append(placeholder(i + 1 < tokens.size() ? tokens.get(i + 1) : null));
            }
        }
        if (endsInExtension) {
            pattern.append("\\.[^./]+");
        }
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("the pattern needs {sku}, {part}, {role}, {any} or {ext}.");
        }
        regex = Pattern.compile(pattern.toString(), Pattern.DOTALL);
    }

    /// Literals begin with a blank, so that they are not taken for names of placeholders.
    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            String token = matcher.group();
            String name = matcher.group(1);
            String literal = token.equals("{{") || token.equals("}}") ? token.substring(1) : token;
            boolean afterLiteral = !tokens.isEmpty() && isLiteral(tokens.getLast());
            if (name != null) {
                require(KNOWN.contains(name), "{%s} is unknown: use {sku}, {part}, {role}, {any} or {ext}.", name);
                require(
                        tokens.isEmpty() || afterLiteral,
                        "something must stand between {%s} and what is before.",
                        name);
                tokens.add(name);
            } else {
                require(!token.equals("{") && !token.equals("}"), "a single %s: write it twice.", token);
                tokens.add(afterLiteral ? tokens.removeLast() + literal : " " + literal);
            }
        }
        return tokens;
    }

    private static void require(boolean condition, String message, String argument) {
        if (!condition) {
            throw new IllegalArgumentException(message.formatted(argument));
        }
    }

    private static boolean isLiteral(String token) {
        return token.startsWith(" ");
    }

    private void name(String placeholder) {
        String name = placeholder.equals("any") || placeholder.equals("ext") ? " " + groups.size() : placeholder;
        require(groups.putIfAbsent(name, groups.size() + 1) == null, "{%s} stands in it twice.", placeholder);
    }

    // Possessive, so that no name makes the matcher go back and forth.
    private static String placeholder(@Nullable String next) {
        return next == null ? "([^/]+)" : "((?:(?!%s)[^/])++)".formatted(Pattern.quote(next.substring(1)));
    }

    /// @param name the path of a file, with `/` between its parts
    /// @return empty when it does not match
    public Optional<Target> read(String name) {
        String[] parts = name.split("/");
        if (parts.length < depth) {
            return Optional.empty();
        }
        String end = String.join("/", List.of(parts).subList(parts.length - depth, parts.length));
        Matcher matcher = regex.matcher(end);
        return matcher.matches()
                ? Optional.of(new Target(
                        group(matcher, "sku"), group(matcher, "part"), group(matcher, "role"), Map.of(), null))
                : Optional.empty();
    }

    private @Nullable String group(Matcher matcher, String name) {
        Integer group = groups.get(name);
        return group == null ? null : matcher.group(group);
    }
}
