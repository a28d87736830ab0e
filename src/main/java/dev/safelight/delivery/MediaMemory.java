package dev.safelight.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.safelight.asset.AssetId;
import dev.safelight.catalog.CatalogListener;
import dev.safelight.catalog.Settlement;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// The public variants asked for most, kept outside of the heap and answered without asking anybody
/// for a moment.
///
/// An entry counts only for [#TRUST] after the catalogue was last asked, so a rejection on any node stops
/// delivery everywhere within that time, whether or not this node hears of it. Changes it hears of count at
/// once: [#assetChanged] drops the entries of the asset when the change is committed. A load that read the
/// catalogue before the commit and is put here after it would slip through, so [#keep] and [#confirm] compare
/// the moment of reading with the last change: whichever of the two threads comes second sees what the first
/// one wrote.
///
/// Buffers are freed by the garbage collector and never by hand, as a slow response may still be writing one
/// that was evicted; a second bound limits those that are evicted and not yet collected.
final class MediaMemory implements CatalogListener {
    /// How long an answer of the catalogue holds. Whoever withdraws something waits as long.
    static final Duration TRUST = Settlement.BELIEF;

    private static final Cleaner COLLECTED = Cleaner.create();
    /// What an entry costs beside its bytes: header fields, path, map nodes.
    private static final int OVERHEAD = 2_048;

    private final LongSupplier nanos;
    private final IntFunction<ByteBuffer> buffers;
    private final long largest;
    private final long bound;
    private final AtomicLong allocated = new AtomicLong();
    private final Cache<String, HotVariant> variants;
    private final Cache<AssetId, Long> changes;
    /// Nothing that was read before is trusted.
    private volatile long distrustedAt;
    private volatile @Nullable Long allChangedAt;

    /// @param capacity bytes kept; as many again may wait for the garbage collector
    /// @param largest bytes of the largest variant that is kept
    /// @param nanos a monotonic clock, as [System#nanoTime()]
    MediaMemory(long capacity, long largest, LongSupplier nanos) {
        this(capacity, largest, nanos, ByteBuffer::allocateDirect);
    }

    /// @param buffers allocates as many bytes as it is asked for, or throws [OutOfMemoryError]
    MediaMemory(long capacity, long largest, LongSupplier nanos, IntFunction<ByteBuffer> buffers) {
        this.buffers = buffers;
        this.nanos = nanos;
        this.largest = Math.min(largest, capacity);
        this.bound = Math.multiplyExact(capacity, 2L);
        this.variants = Caffeine.newBuilder()
                .maximumWeight(capacity)
                .weigher((String path, HotVariant variant) ->
                        (int) (variant.representation().bytes() + OVERHEAD))
                .build();
        // Loads take seconds at most; a change is forgotten long after the last one that it could matter to.
        this.changes =
                Caffeine.newBuilder().expireAfterWrite(Duration.ofMinutes(5)).build();
        this.distrustedAt = nanos.getAsLong() - TRUST.toNanos();
    }

    long now() {
        return nanos.getAsLong();
    }

    /// The variant at a path if it may be served without asking the catalogue again.
    @Nullable
    HotVariant trusted(String path) {
        HotVariant variant = variants.getIfPresent(path);
        return variant != null && isTrusted(variant.checkedAt()) ? variant : null;
    }

    boolean isTrusted(long checkedAt) {
        return now() - checkedAt < TRUST.toNanos() && checkedAt - distrustedAt > 0;
    }

    /// Whether what the catalogue said of an asset still counts: not long ago, and before no change on this
    /// node.
    boolean isTrusted(AssetId asset, long checkedAt) {
        return isTrusted(checkedAt) && !isChangedSince(Set.of(asset), checkedAt);
    }

    /// The variant at a path, however long ago the catalogue was asked.
    @Nullable
    HotVariant last(String path) {
        return variants.getIfPresent(path);
    }

    boolean admits(Representation representation) {
        return representation.shared() && representation.bytes() > 0 && representation.bytes() <= largest;
    }

    /// Keeps a variant that was read after the catalogue allowed it; null when there is no room even for
    /// the moment.
    ///
    /// @param checkedAt a moment before the catalogue was asked
    @Nullable
    HotVariant keep(String path, Set<AssetId> assets, Representation representation, byte[] content, long checkedAt) {
        ByteBuffer body = allocate(content);
        if (body == null) {
            return null;
        }
        HotVariant variant = new HotVariant(assets, representation, body, checkedAt);
        variants.put(path, variant);
        dropIfChanged(path, assets, checkedAt);
        return variant;
    }

    /// The catalogue still allows an entry.
    void confirm(String path, HotVariant variant, long checkedAt) {
        variant.checked(checkedAt);
        dropIfChanged(path, variant.assets(), checkedAt);
    }

    void drop(String path) {
        variants.invalidate(path);
    }

    private void dropIfChanged(String path, Set<AssetId> assets, long checkedAt) {
        if (isChangedSince(assets, checkedAt)) {
            variants.invalidate(path);
        }
    }

    private boolean isChangedSince(Set<AssetId> assets, long checkedAt) {
        Long all = allChangedAt;
        if (all != null && all - checkedAt >= 0) {
            return true;
        }
        for (AssetId asset : assets) {
            Long changedAt = changes.getIfPresent(asset);
            if (changedAt != null && changedAt - checkedAt >= 0) {
                return true;
            }
        }
        return false;
    }

    private @Nullable ByteBuffer allocate(byte[] content) {
        if (allocated.addAndGet(content.length) > bound) {
            allocated.addAndGet(-content.length);
            return null;
        }
        int length = content.length;
        ByteBuffer body;
        try {
            body = buffers.apply(length);
        } catch (OutOfMemoryError others) {
            // Direct memory is shared with the server's own buffers; without room, the variant is served uncached.
            allocated.addAndGet(-length);
            return null;
        }
        COLLECTED.register(body, () -> allocated.addAndGet(-length));
        return body.put(content).flip();
    }

    @Override
    public void assetChanged(AssetId id) {
        afterCommit(() -> forget(Set.of(id)));
    }

    @Override
    public void manyWithdrawn() {
        afterCommit(this::forgetAll);
    }

    private static void afterCommit(Runnable work) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            work.run();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                work.run();
            }
        });
    }

    /// Keeps the bytes, and asks the catalogue of each once more.
    @Override
    public void anythingMayHaveChanged() {
        distrustedAt = now();
    }

    void forgetAll() {
        allChangedAt = now();
        variants.invalidateAll();
    }

    void forget(Set<AssetId> ids) {
        long now = now();
        ids.forEach(id -> changes.put(id, now));
        variants.asMap().values().removeIf(variant -> !Collections.disjoint(variant.assets(), ids));
    }
}
