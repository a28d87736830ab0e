package dev.safelight.render;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A file of the cache and those who hold it: the index and every reader. The last who lets go deletes it.
///
/// It outlives this process only while it is published: neither before everybody may find it, nor once it is
/// withdrawn, however long its readers take.
final class Blob {
    /// Is no moment at which anything is begun.
    static final long NO_MOMENT = -1;

    private final BlobName name;
    private final CacheFolder folder;
    private final Path path;
    private final Consumer<Blob> onLastRelease;
    private final AtomicInteger holders = new AtomicInteger(1);
    private volatile @Nullable Map<String, String> metadata;
    private volatile long touched;
    private volatile long reservedFor = NO_MOMENT;
    private boolean withdrawn;

    /// @param metadata null when this file was found at a start, so that nobody has looked into it yet
    /// @param touched its file time in milliseconds
    Blob(
            BlobName name,
            CacheFolder folder,
            @Nullable Map<String, String> metadata,
            long touched,
            Consumer<Blob> onLastRelease) {
        this.name = name;
        this.folder = folder;
        this.path = folder.path(name);
        this.metadata = metadata;
        this.touched = touched;
        this.onLastRelease = onLastRelease;
    }

    BlobName name() {
        return name;
    }

    Path path() {
        return path;
    }

    /// Keeps it to those who began at a moment; [#NO_MOMENT] gives it to all.
    void reserve(long begun) {
        reservedFor = begun;
    }

    boolean isFor(long begun) {
        long only = reservedFor;
        return only == NO_MOMENT || only == begun;
    }

    /// Keeps the file until it is released; false when it is already given up.
    boolean hold() {
        int before;
        do {
            before = holders.get();
            if (before == 0) {
                return false;
            }
        } while (!holders.compareAndSet(before, before + 1));
        return true;
    }

    /// Lets the next start find it, too, unless it was withdrawn before.
    synchronized void publish() {
        Map<String, String> label = metadata;
        if (!withdrawn && label != null) {
            folder.publish(name, label);
        }
    }

    /// Lets no start find it any more, a start after a kill included. Its file stays with its holders.
    synchronized void withdraw() {
        withdrawn = true;
        folder.withdraw(name);
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            folder.delete(name);
            onLastRelease.accept(this);
        }
    }

    /// The metadata of an undamaged file; null for a damaged one.
    ///
    /// The length is looked at each time, which also notices a file that somebody deleted; the content once.
    @Nullable
    Map<String, String> check() {
        try {
            if (Files.size(path) != name.length()) {
                return null;
            }
            Map<String, String> known = metadata;
            return known == null ? checkContent() : known;
        } catch (IOException unreadable) {
            return null;
        }
    }

    private synchronized @Nullable Map<String, String> checkContent() throws IOException {
        Map<String, String> known = metadata;
        if (known == null) {
            known = folder.verify(name);
            metadata = known;
        }
        return known;
    }

    /// Lets the file time tell the next start that this was in use, once in a while.
    void touch(long now, long pause) {
        if (now - touched < pause) {
            return;
        }
        touched = now;
        try {
            Files.setLastModifiedTime(path, FileTime.fromMillis(now));
        } catch (IOException unimportant) {
            // The order after a restart is an approximation.
        }
    }
}
