package dev.safelight.cli.bulk;

import java.nio.file.Path;
import java.util.List;

/// Which files of a folder are meant, by globs: those with a `/` are held against the path, others against the name.
public final class FileFilter {
    public static final FileFilter ALL = new FileFilter(List.of(), List.of());

    private final List<PathGlob> included;
    private final List<PathGlob> excluded;

    /// @throws IllegalArgumentException for a malformed glob
    public FileFilter(List<String> included, List<String> excluded) {
        this.included = included.stream().map(PathGlob::new).toList();
        this.excluded = excluded.stream().map(PathGlob::new).toList();
    }

    boolean takesFile(Path relative) {
        return (included.isEmpty() || included.stream().anyMatch(glob -> matches(glob, relative)))
                && !excludes(relative);
    }

    boolean takesFolder(Path relative) {
        return !excludes(relative);
    }

    private boolean excludes(Path relative) {
        return excluded.stream().anyMatch(glob -> matches(glob, relative));
    }

    private static boolean matches(PathGlob glob, Path relative) {
        Path name = relative.getFileName();
        return glob.isOfPath() ? glob.matches(relative) : name != null && glob.matches(name);
    }

    static boolean isHidden(Path file) {
        Path name = file.getFileName();
        return name != null && name.toString().startsWith(".");
    }
}
