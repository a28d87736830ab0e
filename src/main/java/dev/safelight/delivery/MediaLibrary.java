package dev.safelight.delivery;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Space;
import dev.safelight.catalog.Deliverable;
import dev.safelight.render.SingleFlight;
import dev.safelight.store.ByteRange;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.OpenObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Finds what a path stands for: asks the catalogue whether it may be served, and brings small public
/// variants into memory. Equal requests at the same time ask once.
final class MediaLibrary {
    private final Index index;
    private final ObjectStore store;
    private final MediaMemory memory;
    private final Terms terms;
    private final DeliveryMetrics metrics;
    private final @Nullable DiskTier disk;
    private final SingleFlight<Optional<Media>> lookups = new SingleFlight<>();

    /// @param disk absent where the store is as near as a disk
    MediaLibrary(
            Index index,
            ObjectStore store,
            MediaMemory memory,
            Terms terms,
            DeliveryMetrics metrics,
            @Nullable DiskTier disk) {
        this.index = index;
        this.store = store;
        this.memory = memory;
        this.terms = terms;
        this.metrics = metrics;
        this.disk = disk;
    }

    /// On which terms variants are answered.
    ///
    /// @param spaces who may have what lies in a space
    /// @param tags by which caches can purge answers
    record Terms(AccessBySpace spaces, CacheTagFields tags) {}

    /// What may be served, by key; the catalogue in earnest.
    interface Index {
        Optional<Deliverable> deliverable(String key);
    }

    /// A variant that may be served, to those who may see it.
    ///
    /// @param hot when its bytes are in memory
    /// @param checkedAt a moment before the catalogue was asked
    record Media(
            BlobKey key,
            Representation representation,
            Space space,
            UUID owner,
            AssetId asset,
            @Nullable HotVariant hot,
            long checkedAt) {}

    /// The variant at a path, or empty when there is none that may be served.
    Optional<Media> find(String path) throws IOException, InterruptedException {
        String key = MediaPath.toKey(path).orElse(null);
        if (key == null) {
            return Optional.empty();
        }
        Optional<Media> found = lookups.join(path, () -> lookUp(path, key, true));
        // The catalogue may have been asked long ago: before this request came, or before bytes were loaded slowly.
        return found.isEmpty()
                        || memory.isTrusted(found.get().asset(), found.get().checkedAt())
                ? found
                : lookUp(path, key, false);
    }

    private Optional<Media> lookUp(String path, String key, boolean mayLoad) throws IOException {
        long at = memory.now();
        Deliverable deliverable = index.deliverable(key).orElse(null);
        if (deliverable == null) {
            memory.drop(path);
            return Optional.empty();
        }
        Representation representation = Representation.of(deliverable, terms);
        HotVariant hot = memory.admits(representation) ? warm(path, deliverable, representation, at, mayLoad) : null;
        return Optional.of(new Media(
                deliverable.variant().object(),
                representation,
                deliverable.space(),
                deliverable.owner(),
                deliverable.asset(),
                hot,
                at));
    }

    private @Nullable HotVariant warm(
            String path, Deliverable deliverable, Representation representation, long at, boolean mayLoad)
            throws IOException {
        HotVariant known = memory.last(path);
        if (known != null && known.representation().equals(representation)) {
            memory.confirm(path, known, at);
            return known;
        }
        if (!mayLoad) {
            return null;
        }
        BlobKey object = deliverable.variant().object();
        try (InputStream content = open(deliverable.asset(), object, representation, null)) {
            byte[] bytes = content.readNBytes((int) representation.bytes());
            if (bytes.length < representation.bytes()) {
                throw new IOException(path + " ended after " + bytes.length + " bytes");
            }
            return memory.keep(path, Set.of(deliverable.asset()), representation, bytes, at);
        }
    }

    /// The stored bytes, or a range of them.
    InputStream open(Media media, @Nullable ByteRange range) throws IOException {
        return open(media.asset(), media.key(), media.representation(), range);
    }

    private InputStream open(AssetId asset, BlobKey key, Representation content, @Nullable ByteRange range)
            throws IOException {
        return disk == null
                ? load(key, content.bytes(), range)
                : disk.open(asset, key, content, range, part -> load(key, content.bytes(), part));
    }

    private InputStream load(BlobKey key, long bytes, @Nullable ByteRange range) throws IOException {
        metrics.load();
        OpenObject object = find(key, range);
        if (object.stored().bytes() != bytes) {
            try (object) {
                throw new IOException(key + " has " + object.stored().bytes() + " bytes instead of " + bytes);
            }
        }
        return object.stream();
    }

    private OpenObject find(BlobKey key, @Nullable ByteRange range) throws IOException {
        try {
            return store.open(key, range, null)
                    .orElseThrow(() -> new IOException(key + " is catalogued and not stored"));
        } catch (Failure refused) {
            // Whoever asks may see it: the store was not yet told of an approval, or the fault is in its policy.
            throw new IOException(key + " may be delivered, and the store does not let it be read", refused);
        }
    }
}
