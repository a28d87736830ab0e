package dev.safelight.render;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Failure;
import dev.safelight.render.DiskCache.Entry;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.OpenObject;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Brings sources from the store to the disk of this process, where native code reads them; each is
/// fetched once.
final class SourceFiles {
    /// At the same time, each with a temporary file that the bound of the cache does not count.
    private static final int FETCHES = 8;

    private final ObjectStore store;
    private final DiskCache files;
    private final SingleFlight<Boolean> flights = new SingleFlight<>();
    private final Semaphore fetches = new Semaphore(FETCHES, true);

    /// @param store with the right to read originals
    SourceFiles(ObjectStore store, DiskCache files) {
        this.store = store;
        this.files = files;
    }

    /// Drops the sources of some assets. What is being fetched is for those alone who wait for it.
    void forget(Set<String> assets) {
        files.dropGroups(assets);
    }

    /// Drops all sources, pictures from elsewhere included.
    void forgetAll() {
        files.clear();
    }

    /// The file of a source, held until it is closed.
    Entry open(Source source) throws IOException, InterruptedException {
        return switch (source) {
            case Source.Original original -> {
                AssetVersion.Original stored = original.version().original();
                yield open(stored.key(), String.valueOf(stored.etag()), stored.etag(), original.version(), source);
            }
            case Source.Smaller smaller -> {
                BlobKey key = smaller.variant().object();
                yield open(key, smaller.variant().etag(), null, smaller.version(), source);
            }
            case Source.Foreign foreign ->
                files.get(foreign.subject().key(), DiskCache.ALONE)
                        .orElseThrow(() -> new IOException("a foreign picture is no longer on the disk"));
        };
    }

    /// @param content tells the bytes under the key from those of another time
    /// @param etag that the object must still have in the store, if that is known
    private Entry open(BlobKey key, String content, @Nullable String etag, AssetVersion version, Source source)
            throws IOException, InterruptedException {
        String name = key + "#" + content;
        String group = version.id().toString();
        long begun = files.moment(group);
        // A file may be evicted between its arrival and its use, though hardly twice.
        for (int attempt = 0; attempt < 3; attempt++) {
            Optional<Entry> known = files.get(name, begun);
            if (known.isEmpty()) {
                // Who comes after it was forgotten does not wait for what was begun before.
                flights.join(name + '@' + begun, () -> fetchInTurn(name, key, etag, group, source, begun));
                known = files.get(name, begun);
            }
            if (files.moment(group) != begun) {
                // Fetched, perhaps, before it was to be forgotten: for those who waited alone.
                files.drop(name);
            }
            if (known.isPresent()) {
                return known.get();
            }
        }
        throw new IOException(key + " finds no room on the disk; the cache for sources is too small or the disk full");
    }

    private Boolean fetchInTurn(
            String name, BlobKey key, @Nullable String etag, String group, Source source, long begun)
            throws IOException, InterruptedException {
        fetches.acquire();
        try {
            return fetch(name, key, etag, group, source, begun);
        } finally {
            fetches.release();
        }
    }

    private Boolean fetch(String name, BlobKey key, @Nullable String etag, String group, Source source, long begun)
            throws IOException {
        try (OpenObject object =
                store.open(key, null, etag).orElseThrow(() -> new IOException(key + " is catalogued and not stored"))) {
            Optional<Entry> kept = files.put(name, group, source.type().extension(), Map.of(), object.stream(), begun);
            kept.ifPresent(Entry::close);
            return kept.isPresent();
        } catch (Failure refused) {
            // Lacking rights are ours, not those of whoever asks.
            throw new IOException(key + " cannot be read", refused);
        }
    }
}
