package dev.safelight.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// A folder of its own for one run of a pipeline, removed with everything in it at the end.
final class Workspace implements AutoCloseable {
    private static final String PREFIX = "run-";

    private final Path folder;

    private Workspace(Path folder) {
        this.folder = folder;
    }

    static Workspace in(Path parent) throws IOException {
        Files.createDirectories(parent);
        return new Workspace(Files.createTempDirectory(parent, PREFIX));
    }

    /// Where the bytes of the original are, once it was fetched: one read from the store serves all steps.
    Path original() {
        return folder.resolve("original");
    }

    @Override
    public void close() throws IOException {
        removeTree(folder);
    }

    /// Removes what killed runs left behind, and nothing else; only while no other process uses the folder.
    static void sweep(Path parent) throws IOException {
        Files.createDirectories(parent);
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path leftover : leftovers) {
                removeTree(leftover);
            }
        }
    }

    private static void removeTree(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            tree.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            });
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }
}
