package dev.safelight.cli.bulk;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Files, folders with all that is below, and globs, as named on a command line.
///
/// Links are followed; a folder that holds itself is left out. Hidden files count only when they are named
/// themselves.
public final class NamedFiles implements Source {
    private final List<String> names;
    private final FileFilter filter;

    /// @param filter for what is found in folders
    public NamedFiles(List<String> names, FileFilter filter) {
        this.names = List.copyOf(names);
        this.filter = filter;
    }

    /// The first name that is neither there nor a glob; for a slip of the hand is better told before anything
    /// is sent.
    public static Optional<String> absent(List<String> names) {
        return names.stream()
                .filter(name -> !isGlob(name) && !Files.exists(Path.of(name), LinkOption.NOFOLLOW_LINKS))
                .findFirst();
    }

    private static boolean isGlob(String name) {
        return name.matches(".*[*?\\[{].*") && !Files.exists(Path.of(name));
    }

    @Override
    public void visit(Visitor visitor) throws IOException, InterruptedException {
        for (String name : names) {
            if (isGlob(name)) {
                visitGlob(name, visitor);
            } else {
                visitNamed(Path.of(name), visitor);
            }
        }
    }

    private void visitNamed(Path named, Visitor visitor) throws IOException, InterruptedException {
        if (Files.isDirectory(named)) {
            walk(new Walk(named, filter, null, false, visitor));
        } else {
            visitor.file(named, String.valueOf(named.getFileName()), Target.NONE);
        }
    }

    private void visitGlob(String glob, Visitor visitor) throws IOException, InterruptedException {
        Path base = base(glob);
        PathMatcher matcher = FileFilter.matcher(glob);
        boolean withHidden = glob.matches("(.*/)?\\.[^./].*");
        Walk walk = new Walk(base, filter, matcher, withHidden, visitor);
        walk(walk);
        if (walk.found == 0) {
            visitor.unusable(Path.of(glob), "no-match", "no file matches this pattern.");
        }
    }

    /// The folders in front of the first part that is a pattern.
    private static Path base(String glob) {
        int pattern = glob.split("[*?\\[{]", 2)[0].lastIndexOf('/');
        return Path.of(pattern < 0 ? "" : pattern == 0 ? "/" : glob.substring(0, pattern));
    }

    private static void walk(Walk walk) throws IOException, InterruptedException {
        try {
            Files.walkFileTree(walk.root, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, walk);
        } catch (InterruptedIOException interrupted) {
            throw new InterruptedException();
        }
    }

    private static final class Walk extends SimpleFileVisitor<Path> {
        private final Path root;
        private final FileFilter filter;
        private final @Nullable PathMatcher glob;
        private final boolean withHidden;
        private final Visitor visitor;
        private long found;

        Walk(Path root, FileFilter filter, @Nullable PathMatcher glob, boolean withHidden, Visitor visitor) {
            this.root = root;
            this.filter = filter;
            this.glob = glob;
            this.withHidden = withHidden;
            this.visitor = visitor;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean isWanted =
                    folder.equals(root) || (isVisible(folder) && filter.takesFolder(root.relativize(folder)));
            return isWanted ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Path relative = root.relativize(file);
            if (isVisible(file) && filter.takesFile(relative) && (glob == null || glob.matches(file))) {
                found++;
                tell(() -> visitor.file(file, relative.toString(), Target.NONE));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
            if (failed instanceof FileSystemLoopException || (!isVisible(file) && !file.equals(root))) {
                return FileVisitResult.CONTINUE;
            }
            if (glob == null || glob.matches(file)) {
                found++;
                tell(() -> visitor.unusable(file, "unreadable", "cannot be read: " + ReadFailure.text(failed)));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failed) throws IOException {
            return failed == null ? FileVisitResult.CONTINUE : visitFileFailed(folder, failed);
        }

        private boolean isVisible(Path file) {
            return withHidden || !FileFilter.isHidden(file);
        }

        private static void tell(Telling telling) throws InterruptedIOException {
            try {
                telling.run();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }
    }

    private interface Telling {
        void run() throws InterruptedException;
    }
}
