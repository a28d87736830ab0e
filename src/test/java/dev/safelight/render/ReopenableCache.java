package dev.safelight.render;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A disk cache that is closed and opened again, and looked at from outside.
final class ReopenableCache implements AutoCloseable {
    private final Path folder;
    private @Nullable DiskCache opened;

    ReopenableCache(Path folder) {
        this.folder = folder;
    }

    void open(long maxBytes, int maxEntries) {
        opened = DiskCache.open(folder(), maxBytes, maxEntries);
    }

    DiskCache cache() {
        return Objects.requireNonNull(opened);
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        if (opened != null) {
            opened.close();
        }
    }

    void reopen(long maxBytes, int maxEntries) {
        cache().close();
        open(maxBytes, maxEntries);
    }

    static byte[] body(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    void put(String key, byte[] body) {
        cache().put(key, "group", "bin", Map.of(), body).orElseThrow().close();
    }

    String text(String key) {
        try (DiskCache.Entry entry = cache().get(key).orElseThrow()) {
            return Files.readString(entry.path());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Path path(String key) {
        try (DiskCache.Entry entry = cache().get(key).orElseThrow()) {
            return entry.path();
        }
    }

    boolean has(String key) {
        return cache().get(key)
                .map(entry -> {
                    entry.close();
                    return true;
                })
                .orElse(false);
    }

    List<Path> files() {
        try (Stream<Path> all = Files.walk(folder())) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("lock"))
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    List<Path> bodies() {
        return files().stream()
                .filter(file -> !file.toString().endsWith(".meta"))
                .toList();
    }

    /// What the next start finds when this process is killed now.
    ReopenableCache killed(Path copy) {
        try (Stream<Path> all = Files.walk(folder())) {
            for (Path file : all.toList()) {
                Files.copy(file, copy.resolve(folder().relativize(file).toString()));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        ReopenableCache next = new ReopenableCache(copy);
        next.open(1 << 30, 10_000);
        return next;
    }

    long bytesOnDisk() {
        return files().stream().mapToLong(file -> file.toFile().length()).sum();
    }
}
