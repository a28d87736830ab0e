package dev.safelight.render;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import dev.safelight.asset.Failure;
import dev.safelight.render.CacheFolder.Found;
import dev.safelight.render.CacheFolder.UnreadableBody;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A cache of immutable blobs in a folder, bounded in bytes and entries, that survives kill -9 and power
/// loss.
///
/// Each blob is a plain file that holds exactly its body, because native code opens it by name. Whoever got
/// an entry holds its file: eviction, replacement and purges only make it unfindable, and the last holder
/// deletes it. So bytes on disk can exceed the bound by files that are in use; a new blob that finds no
/// room beside those is not kept.
///
/// What is no longer findable, or not yet for all, does not come back after a kill: a purge that was answered
/// holds, whoever was reading.
///
/// A cache must never be the reason that something fails: a disk that is full or read-only makes [#put]
/// return nothing.
public final class DiskCache implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DiskCache.class);

    /// The moment of what is for one alone: nobody else finds it, and it never outlives this process.
    public static final long ALONE = -2;

    /// File times are set at most this often: they order entries after a restart, where minutes do not
    /// matter.
    private static final long TOUCH_PAUSE = Duration.ofMinutes(10).toMillis();

    private static final int LARGEST = Integer.MAX_VALUE;

    private final CacheFolder folder;
    private final long maxBytes;
    private final int maxEntries;
    private final long share;
    private final InstantSource clock;
    private final Cache<String, Blob> index;
    private final Policy.Eviction<String, Blob> eviction;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong findable = new AtomicLong();
    private final AtomicInteger entries = new AtomicInteger();
    private final AtomicBoolean failing = new AtomicBoolean();
    private final Drops drops = new Drops();

    private DiskCache(CacheFolder folder, long maxBytes, int maxEntries, InstantSource clock) {
        this.folder = folder;
        // More than this many entries of the largest size could never be reached.
        this.maxBytes = Math.min(maxBytes, (long) maxEntries * LARGEST);
        this.maxEntries = maxEntries;
        this.share = Math.ceilDiv(this.maxBytes, maxEntries);
        this.clock = clock;
        // On the caller's thread, so that a put returns when the room that it took is made.
        this.index = Caffeine.newBuilder()
                .maximumWeight(share * maxEntries)
                .weigher((String key, Blob blob) -> (int) weight(blob.name()))
                .executor(Runnable::run)
                .removalListener((key, blob, cause) -> {
                    if (blob != null) {
                        findable.addAndGet(-blob.name().size());
                        blob.withdraw();
                        blob.release();
                    }
                })
                .build();
        this.eviction = index.policy().eviction().orElseThrow();
    }

    /// Takes over a folder, which may not exist yet, and what an earlier process left there.
    ///
    /// @param maxBytes of all files together; a single blob is also limited to 2 GB
    /// @param maxEntries should be generous: only blobs of average size or less can be that many
    /// @throws Failure when another process uses the folder, or when it cannot be written to
    public static DiskCache open(Path folder, long maxBytes, int maxEntries) {
        return open(folder, maxBytes, maxEntries, InstantSource.system());
    }

    static DiskCache open(Path folder, long maxBytes, int maxEntries, InstantSource clock) {
        if (maxBytes < 1 || maxEntries < 1) {
            throw new IllegalArgumentException("a cache needs room for one byte and one entry");
        }
        DiskCache cache = new DiskCache(CacheFolder.open(folder), maxBytes, maxEntries, clock);
        cache.load();
        return cache;
    }

    private void load() {
        List<Found> found = folder.sweep();
        // A kill between the arrival of a new value and the end of the old one leaves both.
        Map<String, Found> newest = new HashMap<>();
        Comparator<Found> byAge = Comparator.comparingLong(blob -> blob.name().generation());
        found.forEach(blob -> newest.merge(blob.name().key(), blob, BinaryOperator.maxBy(byAge)));
        Set<Found> kept = new LinkedHashSet<>();
        long bytesLeft = maxBytes;
        long weightLeft = share * maxEntries;
        List<Found> lastUsedFirst = newest.values().stream()
                .sorted(Comparator.comparingLong(Found::used)
                        .thenComparing(byAge)
                        .reversed())
                .toList();
        for (Found blob : lastUsedFirst) {
            bytesLeft -= blob.name().size();
            weightLeft -= weight(blob.name());
            if (bytesLeft < 0 || weightLeft < 0) {
                break;
            }
            kept.add(blob);
        }
        found.stream().filter(blob -> !kept.contains(blob)).forEach(blob -> folder.delete(blob.name()));
        for (Found blob : List.copyOf(kept).reversed()) {
            add(new Blob(blob.name(), folder, null, blob.used(), this::forget));
        }
        index.cleanUp();
    }

    /// A blob that is held until it is closed: its file stays as long, whatever becomes of the entry.
    public static final class Entry implements AutoCloseable {
        private final Blob blob;
        private final Map<String, String> metadata;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Entry(Blob blob, Map<String, String> metadata) {
            this.blob = blob;
            this.metadata = metadata;
        }

        /// The file that holds exactly the body, to be read only.
        public Path path() {
            return blob.path();
        }

        public long length() {
            return blob.name().length();
        }

        public Map<String, String> metadata() {
            return metadata;
        }

        public byte[] bytes() throws IOException {
            return Files.readAllBytes(blob.path());
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                blob.release();
            }
        }
    }

    /// The moment of now in a group, which lasts until the group is dropped.
    public long moment(String group) {
        return drops.last(group);
    }

    /// The value of a key, unless it is absent or damaged.
    public Optional<Entry> get(String key) {
        return get(key, Blob.NO_MOMENT);
    }

    /// The value of a key, also one that is there for those alone who began at the same moment.
    ///
    /// @param begun a [#moment], or [#ALONE]
    public Optional<Entry> get(String key, long begun) {
        String hash = BlobName.keyOf(key);
        Blob blob = index.getIfPresent(hash);
        while (blob != null && !blob.hold()) {
            // Given up between finding and holding it; perhaps there is a new one.
            blob = index.getIfPresent(hash);
        }
        if (blob == null) {
            return Optional.empty();
        }
        if (!blob.isFor(begun)) {
            blob.release();
            return Optional.empty();
        }
        Map<String, String> metadata = blob.check();
        if (metadata == null) {
            index.asMap().remove(hash, blob);
            blob.release();
            return Optional.empty();
        }
        blob.touch(clock.millis(), TOUCH_PAUSE);
        return Optional.of(new Entry(blob, metadata));
    }

    /// Keeps a value in place of an earlier one, unless the disk refuses, or the body is empty or too long.
    ///
    /// @param group by which it can be dropped together with others
    /// @param extension of its file, 1 to 8 small letters and digits
    /// @param metadata kept with it, at most 4 KB
    public Optional<Entry> put(String key, String group, String extension, Map<String, String> metadata, byte[] body) {
        try {
            return put(key, group, extension, metadata, new ByteArrayInputStream(body));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /// Like the other, with a copy of a file.
    ///
    /// @throws IOException when that file cannot be read
    public Optional<Entry> put(String key, String group, String extension, Map<String, String> metadata, Path body)
            throws IOException {
        try (InputStream in = Files.newInputStream(body)) {
            return put(key, group, extension, metadata, in);
        }
    }

    /// Like the others, with a stream, which may be read in part when the value is not kept.
    ///
    /// @throws IOException when the stream cannot be read
    public Optional<Entry> put(
            String key, String group, String extension, Map<String, String> metadata, InputStream body)
            throws IOException {
        return put(key, group, extension, metadata, body, Blob.NO_MOMENT);
    }

    /// Like the others, with what may have been made from something that is gone: if its group was dropped
    /// since it was begun, it is there for those alone who began it at the same moment, and they should drop
    /// it.
    ///
    /// @param begun a [#moment], or [#ALONE]
    /// @throws IOException when the stream cannot be read
    public Optional<Entry> put(
            String key, String group, String extension, Map<String, String> metadata, InputStream body, long begun)
            throws IOException {
        Map<String, String> label = Map.copyOf(metadata);
        BlobName name = write(key, group, BlobName.requireExtension(extension), label, body);
        if (name == null) {
            return Optional.empty();
        }
        Blob blob = new Blob(name, folder, label, clock.millis(), this::forget);
        blob.hold();
        blob.reserve(begun);
        add(blob);
        // Whoever drops its group from here on finds it; whoever did so before is seen here.
        if (begun == Blob.NO_MOMENT || drops.last(group) == begun) {
            blob.reserve(Blob.NO_MOMENT);
            blob.publish();
        }
        trim();
        return Optional.of(new Entry(blob, label));
    }

    private @Nullable BlobName write(
            String key, String group, String extension, Map<String, String> metadata, InputStream body)
            throws IOException {
        long most = Math.min(LARGEST, maxBytes - inUseOnly());
        try {
            BlobName name = folder.write(BlobName.keyOf(key), BlobName.groupOf(group), extension, metadata, body, most);
            failing.set(false);
            return name;
        } catch (UnreadableBody unreadable) {
            throw unreadable.getCause() instanceof IOException cause ? cause : unreadable;
        } catch (IOException failed) {
            if (!failing.getAndSet(true)) {
                log.warn("The cache cannot write and goes on without: {}", failed.toString());
            }
            return null;
        }
    }

    /// Bytes of files that are no longer entries but still held by somebody.
    private long inUseOnly() {
        return Math.max(0, bytes.get() - findable.get());
    }

    private void add(Blob blob) {
        findable.addAndGet(blob.name().size());
        bytes.addAndGet(blob.name().size());
        entries.incrementAndGet();
        index.put(blob.name().key(), blob);
    }

    private void forget(Blob blob) {
        bytes.addAndGet(-blob.name().size());
        entries.decrementAndGet();
    }

    /// Caffeine knows one bound. A blob that is smaller than its share of the bytes counts as much as that
    /// share, so the bound on bytes is one on entries too, and the policy of eviction is the same for both.
    private long weight(BlobName name) {
        return Math.max(name.size(), share);
    }

    /// Makes up for the rounding of the share. Files that are only in use do not count here: a newcomer
    /// that was refused at once is one of them, and would drive out another.
    private void trim() {
        index.cleanUp();
        while (findable.get() > maxBytes) {
            Map<String, Blob> coldest = eviction.coldest(1);
            if (coldest.isEmpty()) {
                return;
            }
            coldest.forEach(index.asMap()::remove);
        }
    }

    /// Drops all values that were put under some groups, in one pass however many these are. One that is put
    /// at this moment may stay, unless its putter says when it was begun.
    public void dropGroups(Set<String> groups) {
        drops.note(groups);
        Set<String> hashes = groups.stream().map(BlobName::groupOf).collect(Collectors.toUnmodifiableSet());
        index.asMap().forEach((key, blob) -> {
            if (hashes.contains(blob.name().group())) {
                index.asMap().remove(key, blob);
            }
        });
    }

    /// Drops the value of a key.
    public void drop(String key) {
        index.invalidate(BlobName.keyOf(key));
    }

    /// Drops all values. One that is put at this moment may stay, as with [#dropGroups].
    public void clear() {
        drops.noteAll();
        index.invalidateAll();
    }

    /// Bytes on disk, those of files in use included.
    public long bytes() {
        return bytes.get();
    }

    /// Blobs on disk, those in use included.
    public int entries() {
        return entries.get();
    }

    /// Gives the folder free for another process. What is in it stays.
    @Override
    public void close() {
        folder.close();
    }
}
