package dev.safelight.store.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// What file systems leave to their users: that names are durable, and not only the bytes behind them.
///
/// Every sync costs a write to the disk, so that of a folder is left out as long as it is known to be on disk.
final class Folders {
    private static final int REMEMBERED = 4096;

    private final Path top;

    /// Folders whose own names are known to be on disk.
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();

    /// @param top is durable itself
    Folders(Path top) {
        this.top = top;
    }

    /// Makes a new name below the top durable, with all folders that lead to it.
    void syncName(Path file) throws IOException {
        Path parent = file.resolveSibling("");
        sync(parent);
        List<Path> found = new ArrayList<>();
        for (Path folder = parent;
                !folder.equals(top) && !durable.contains(folder);
                folder = folder.resolveSibling("")) {
            sync(folder.resolveSibling(""));
            found.add(folder);
        }
        if (durable.size() >= REMEMBERED) {
            durable.clear();
        }
        // Only now, as whoever finds one of them believes in all above it.
        durable.addAll(found);
    }

    /// To be called before a file is removed whose folders may go with it: the next ones of that name are others.
    void forget(Path file) {
        for (Path folder = file.getParent(); folder != null && !folder.equals(top); folder = folder.getParent()) {
            durable.remove(folder);
        }
    }

    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static void deleteAll(Path entry) throws IOException {
        if (Files.isDirectory(entry)) {
            deleteBelow(entry);
        }
        Files.deleteIfExists(entry);
    }

    static void deleteBelow(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                deleteAll(entry);
            }
        } catch (NoSuchFileException e) {
            // Gone already.
        }
    }
}
