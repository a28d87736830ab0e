package dev.safelight.render;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Sha256;
import dev.safelight.asset.Variant;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.OpenObject;
import dev.safelight.store.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Results in the bucket of their space, under `derived/{assetId}/v{version}/{hash}.{ext}`, as far as the
/// policy says.
///
/// They are found by this address alone: the catalogue does not know them, and whatever is missing
/// is made again.
final class KeptResults {
    private static final Logger LOG = LoggerFactory.getLogger(KeptResults.class);

    /// Writes on their way at the same time; further results are simply not kept.
    private static final int AT_ONCE = 16;

    /// For writes to end, which the store's own bounds make do long before.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /// At most, the store's and the database's.
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    private static final Set<Bucket> DERIVED = Set.of(Bucket.PROCESSED, Bucket.USER, Bucket.MARKETING);

    private final ObjectStore store;
    private final ObjectStore kept;
    private final RenderSettings.Keep policy;
    private final Semaphore writes = new Semaphore(AT_ONCE, true);
    private final AtomicReference<Instant> trustedFrom = new AtomicReference<>(Instant.MIN);

    /// @param store with the right to read variants
    /// @param kept with the right to read, write, list and delete results, where the policy keeps any
    KeptResults(ObjectStore store, ObjectStore kept, RenderSettings.Keep policy) {
        this.store = store;
        this.kept = kept;
        this.policy = policy;
    }

    /// The bytes of a variant.
    InputStream open(Variant variant) throws IOException {
        return open(store, variant.object())
                .orElseThrow(() -> new IOException(variant.key() + " is catalogued and not stored"))
                .stream();
    }

    /// An earlier result; what cannot be read is made again.
    Optional<byte[]> find(Order order, String key) {
        Optional<BlobKey> address = isKept(order) ? address(order, key) : Optional.empty();
        if (address.isEmpty()) {
            return Optional.empty();
        }
        try (OpenObject object = open(kept, address.get()).orElse(null)) {
            if (object == null || object.stored().lastModified().isBefore(trustedFrom.get())) {
                return Optional.empty();
            }
            byte[] bytes = object.stream().readAllBytes();
            return bytes.length != object.stored().bytes() ? Optional.empty() : Optional.of(bytes);
        } catch (IOException failed) {
            LOG.warn("{} was not read: {}", address.get(), failed.toString());
            return Optional.empty();
        }
    }

    private static Optional<OpenObject> open(ObjectStore store, BlobKey key) throws IOException {
        try {
            return store.open(key, null, null);
        } catch (Failure refused) {
            // Lacking rights are ours, not those of whoever asks.
            throw new IOException(key + " cannot be read", refused);
        }
    }

    /// Whether there are any.
    boolean isEmpty() {
        return policy == RenderSettings.Keep.NONE;
    }

    /// Waits until what was being written is there, or gone again, so that whatever is listed from now on is
    /// all that this process will have written before. Meanwhile further results are not kept.
    void awaitWrites() throws IOException {
        try {
            if (!writes.tryAcquire(AT_ONCE, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("results are still being written after " + PATIENCE.toSeconds() + " s");
            }
            writes.release(AT_ONCE);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while results were being written");
        }
    }

    /// Removes all results of an asset.
    void remove(AssetId asset) throws IOException {
        try {
            for (Bucket bucket : DERIVED) {
                List<StoredObject> found = new ArrayList<>();
                kept.list(bucket, BlobKey.RESULTS + asset + "/", found::addAll);
                for (StoredObject object : found) {
                    kept.delete(object.key());
                }
            }
        } catch (Failure refused) {
            // Lacking rights are ours, not those of whoever asks.
            throw new IOException("results of " + asset + " cannot be removed", refused);
        }
    }

    /// Takes nothing any more that was kept before a moment, or a little after, since clocks differ. What is
    /// made anew takes its place, so that none of it has to be removed at once.
    void distrustBefore(Instant moment) {
        Instant later = moment.plus(CLOCKS_DIFFER);
        trustedFrom.accumulateAndGet(later, (known, one) -> one.isAfter(known) ? one : known);
    }

    /// Writes a result, on a thread of its own; whether that succeeds changes no answer.
    ///
    /// @param isCurrent whether nothing was to be forgotten since it was begun, asked before and after
    void keep(Order order, String key, byte[] bytes, BooleanSupplier isCurrent) {
        Optional<BlobKey> address = isKept(order) ? address(order, key) : Optional.empty();
        if (address.isEmpty() || !enter()) {
            return;
        }
        // Asked inside, so that whoever waits for writes after a change waits for all that began before it.
        if (!isCurrent.getAsBoolean()) {
            writes.release();
            return;
        }
        Thread.ofVirtual().name("keep-result").start(() -> {
            try {
                kept.put(
                        address.get(),
                        new Content.Bytes(bytes),
                        ObjectHeaders.ofType(order.format().text()));
                if (!isCurrent.getAsBoolean()) {
                    // What was to go may have been looked for before this was there.
                    kept.delete(address.get());
                }
            } catch (IOException | Failure failed) {
                LOG.warn("{} was not written: {}", address.get(), failed.toString());
            } finally {
                writes.release();
            }
        });
    }

    /// In turn: who waits for all writes is not overtaken.
    private boolean enter() {
        try {
            return writes.tryAcquire(0, TimeUnit.SECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean isKept(Order order) {
        return switch (policy) {
            case NONE -> false;
            case PRESETS -> order.byPreset();
            case ALL -> true;
        };
    }

    private static Optional<BlobKey> address(Order order, String key) {
        return switch (order.subject()) {
            case Subject.Stored stored -> Optional.of(address(stored.version(), order, key));
            case Subject.Derived derived -> Optional.of(address(derived.version(), order, key));
            case Subject.Foreign _ -> Optional.empty();
        };
    }

    private static BlobKey address(AssetVersion version, Order order, String key) {
        return new BlobKey(
                Bucket.ofVariants(version.space()),
                BlobKey.RESULTS
                        + "%s/v%d/%s.%s"
                                .formatted(
                                        version.id(),
                                        version.version(),
                                        Sha256.hex(key),
                                        order.format().extension()));
    }
}
