package dev.safelight.cli.bulk;

import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A glob as shells with `globstar` read it: `**/` may also stand for no folder at all, unless it is inside of braces.
final class PathGlob {
    private static final Pattern SPECIAL = Pattern.compile("[*?\\[{]");

    /// Escapes, sets and groups as they stand, or else a `**/` that makes up whole folders.
    private static final Pattern NESTING =
            Pattern.compile("(\\\\.|\\[[^\\]]*]|\\{[^}]*})|(?<![^/])\\*\\*/", Pattern.DOTALL);

    private static final Pattern FOLDERS_IN_GROUP = Pattern.compile("\\{[^}]*/[^}]*}");

    private final String text;
    private final PathMatcher matcher;

    /// @throws IllegalArgumentException when it is malformed
    PathGlob(String text) {
        this.text = text;
        this.matcher = matcher(text);
    }

    private static PathMatcher matcher(String text) {
        String syntax = NESTING.matcher(text).replaceAll(found -> found.group(1) == null ? "{**/,}" : "$0");
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + syntax);
        } catch (PatternSyntaxException malformed) {
            throw new IllegalArgumentException(
                    "\"%s\" is no glob: %s".formatted(text, malformed.getDescription()), malformed);
        }
    }

    /// Whether a name has to be read as a glob; not when there is a file of just that name.
    static boolean isGlob(String name) {
        return SPECIAL.matcher(name).find() && !Files.exists(Path.of(name));
    }

    String text() {
        return text;
    }

    boolean matches(Path file) {
        return matcher.matches(file);
    }

    boolean isOfPath() {
        return text.contains("/");
    }

    /// Whether it names what is hidden itself.
    boolean namesHidden() {
        return text.matches("(?s)(.*/)?\\.[^./].*");
    }

    /// The folders in front of the first part that is a pattern.
    Path base() {
        int pattern = SPECIAL.split(text, 2)[0].lastIndexOf('/');
        return Path.of(pattern < 0 ? "" : pattern == 0 ? "/" : text.substring(0, pattern));
    }

    /// Whether something below a folder may match; in doubt it may.
    boolean mayMatchBelow(Path folder) {
        List<String> parts = Arrays.asList(text.split("/"));
        int fixed = 0;
        while (fixed < parts.size() && !parts.get(fixed).contains("**")) {
            fixed++;
        }
        String name = folder.toString();
        int depth = name.isEmpty() ? 0 : name.split("/").length;
        boolean isDeepEnough = depth < parts.size() || fixed < parts.size();
        return FOLDERS_IN_GROUP.matcher(text).find()
                || (isDeepEnough && matchesStart(parts.subList(0, Math.min(depth, fixed)), name));
    }

    private static boolean matchesStart(List<String> parts, String name) {
        if (parts.isEmpty()) {
            return true;
        }
        List<String> names = Arrays.asList(name.split("/"));
        try {
            String start = String.join("/", names.subList(0, parts.size()));
            return matcher(String.join("/", parts)).matches(Path.of(start));
        } catch (IllegalArgumentException torn) {
            return true;
        }
    }
}
