package dev.safelight.cli.bulk;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/// Which files of a folder are meant, by globs: those with a `/` are held against the path, others against the name.
public final class FileFilter {
    public static final FileFilter ALL = new FileFilter(List.of(), List.of());

    private final List<Glob> included;
    private final List<Glob> excluded;

    /// @throws IllegalArgumentException for a malformed glob
    public FileFilter(List<String> included, List<String> excluded) {
        this.included = included.stream().map(Glob::of).toList();
        this.excluded = excluded.stream().map(Glob::of).toList();
    }

    boolean takesFile(Path relative) {
        return (included.isEmpty() || included.stream().anyMatch(glob -> glob.matches(relative)))
                && !excludes(relative);
    }

    boolean takesFolder(Path relative) {
        return !excludes(relative);
    }

    private boolean excludes(Path relative) {
        return excluded.stream().anyMatch(glob -> glob.matches(relative));
    }

    static boolean isHidden(Path file) {
        Path name = file.getFileName();
        return name != null && name.toString().startsWith(".");
    }

    /// A glob as shells with `globstar` read it: `**/` may also stand for no folder at all.
    static PathMatcher matcher(String glob) {
        try {
            boolean nests = glob.contains("{");
            String syntax = nests ? glob : glob.replaceAll("(^|/)\\*\\*/", "$1{**/,}");
            return FileSystems.getDefault().getPathMatcher("glob:" + syntax);
        } catch (PatternSyntaxException malformed) {
            throw new IllegalArgumentException(
                    "\"%s\" is no glob: %s".formatted(glob, malformed.getDescription()), malformed);
        }
    }

    private record Glob(PathMatcher matcher, boolean isOfPath) {
        static Glob of(String text) {
            return new Glob(FileFilter.matcher(text), text.contains("/"));
        }

        boolean matches(Path relative) {
            Path name = relative.getFileName();
            return isOfPath ? matcher.matches(relative) : name != null && matcher.matches(name);
        }
    }
}
