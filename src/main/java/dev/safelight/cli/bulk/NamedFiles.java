package dev.safelight.cli.bulk;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
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
    private final List<Named> names;
    private final FileFilter filter;

    /// @param filter for what is found in folders
    /// @throws IllegalArgumentException for a malformed glob
    public NamedFiles(List<String> names, FileFilter filter) {
        this.names = names.stream().map(Named::of).toList();
        this.filter = filter;
    }

    /// What a name stands for.
    private sealed interface Named {
        record Itself(Path path) implements Named {}

        record Matching(PathGlob glob) implements Named {}

        static Named of(String name) {
            return PathGlob.isGlob(name) ? new Matching(new PathGlob(name)) : new Itself(Path.of(name));
        }
    }

    /// The first name that is neither there nor a glob; for a slip of the hand is better told before anything
    /// is sent.
    public static Optional<String> absent(List<String> names) {
        return names.stream()
                .filter(name -> !PathGlob.isGlob(name) && !Files.exists(Path.of(name), LinkOption.NOFOLLOW_LINKS))
                .findFirst();
    }

    @Override
    public void visit(Visitor visitor) throws IOException, InterruptedException {
        for (Named name : names) {
            switch (name) {
                case Named.Itself itself -> visitNamed(itself.path(), visitor);
                case Named.Matching matching -> visitGlob(matching.glob(), visitor);
            }
        }
    }

    private void visitNamed(Path named, Visitor visitor) throws IOException, InterruptedException {
        if (Files.isDirectory(named)) {
            walk(new Walk(named, filter, null, visitor));
        } else {
            visitor.file(named, String.valueOf(named.getFileName()), Target.NONE);
        }
    }

    private void visitGlob(PathGlob glob, Visitor visitor) throws IOException, InterruptedException {
        Walk walk = new Walk(glob.base(), filter, glob, visitor);
        walk(walk);
        if (walk.found == 0) {
            visitor.unusable(Path.of(glob.text()), "no-match", "no file matches this pattern.");
        }
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
        private final @Nullable PathGlob glob;
        private final boolean withHidden;
        private final Visitor visitor;
        private long found;

        Walk(Path root, FileFilter filter, @Nullable PathGlob glob, Visitor visitor) {
            this.root = root;
            this.filter = filter;
            this.glob = glob;
            this.withHidden = glob != null && glob.namesHidden();
            this.visitor = visitor;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return isWanted(folder) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
        }

        private boolean isWanted(Path folder) {
            return (folder.equals(root) || (isVisible(folder) && filter.takesFolder(root.relativize(folder))))
                    && (glob == null || glob.mayMatchBelow(folder));
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Path relative = root.relativize(file);
            if (isWantedFile(file)) {
                found++;
                tell(() -> visitor.file(file, relative.toString(), Target.NONE));
            }
            return FileVisitResult.CONTINUE;
        }

        private boolean isWantedFile(Path file) {
            return isVisible(file) && filter.takesFile(root.relativize(file)) && (glob == null || glob.matches(file));
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
            if (failed instanceof FileSystemLoopException) {
                return FileVisitResult.CONTINUE;
            }
            // A folder that cannot be opened comes here, and not to preVisitDirectory.
            if (Files.isDirectory(file) ? isWanted(file) : file.equals(root) || isWantedFile(file)) {
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
