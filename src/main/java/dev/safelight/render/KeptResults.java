package dev.safelight.render;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Variant;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.OpenObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Results in the bucket of their space, under `derived/{assetId}/v{version}/{hash}.{ext}`, as far as the
/// policy says.
///
/// They are found by this address alone: the catalogue does not know them, and whatever is missing is made
/// again.
final class KeptResults {
    private static final Logger LOG = LoggerFactory.getLogger(KeptResults.class);

    /// Writes on their way at the same time; further results are simply not kept.
    private static final int AT_ONCE = 16;

    private final ObjectStore store;
    private final RenderSettings.Keep policy;
    private final Semaphore writes = new Semaphore(AT_ONCE);

    /// @param store with the right to write variants, where the policy keeps any
    KeptResults(ObjectStore store, RenderSettings.Keep policy) {
        this.store = store;
        this.policy = policy;
    }

    /// The bytes of a variant.
    byte[] read(Variant variant) throws IOException {
        return read(variant.object())
                .orElseThrow(() -> new IOException(variant.key() + " is catalogued and not stored"));
    }

    /// An earlier result.
    Optional<byte[]> find(Order order, String key) throws IOException {
        Optional<BlobKey> address = isKept(order) ? address(order, key) : Optional.empty();
        return address.isEmpty() ? Optional.empty() : read(address.get());
    }

    private Optional<byte[]> read(BlobKey key) throws IOException {
        Optional<OpenObject> found;
        try {
            found = store.open(key, null, null);
        } catch (Failure refused) {
            // Lacking rights are ours, not those of whoever asks.
            throw new IOException(key + " cannot be read", refused);
        }
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (OpenObject object = found.get()) {
            byte[] bytes = object.stream().readAllBytes();
            if (bytes.length != object.stored().bytes()) {
                throw new IOException(key + " ended after " + bytes.length + " bytes");
            }
            return Optional.of(bytes);
        }
    }

    /// Writes a result, on a thread of its own; whether that succeeds changes no answer.
    void keep(Order order, String key, byte[] bytes) {
        Optional<BlobKey> address = isKept(order) ? address(order, key) : Optional.empty();
        if (address.isEmpty() || !writes.tryAcquire()) {
            return;
        }
        Thread.ofVirtual().name("keep-result").start(() -> {
            try {
                store.put(
                        address.get(),
                        new Content.Bytes(bytes),
                        ObjectHeaders.ofType(order.format().text()));
            } catch (IOException | Failure failed) {
                LOG.warn("{} was not written: {}", address.get(), failed.toString());
            } finally {
                writes.release();
            }
        });
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
                "derived/%s/v%d/%s.%s"
                        .formatted(
                                version.id(),
                                version.version(),
                                hash(key),
                                order.format().extension()));
    }

    private static String hash(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
