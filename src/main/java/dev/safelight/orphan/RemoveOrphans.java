package dev.safelight.orphan;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.asset.VersionId;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.RemovalLock;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.StoredObject;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/// Removes reported orphans, each after another look: only if it is still the same object, and still unknown.
@Component
final class RemoveOrphans {
    private static final Logger LOG = LoggerFactory.getLogger(RemoveOrphans.class);

    private static final int BATCH = 500;
    /// So many tell that it is the whole store that fails.
    private static final int MOST_FAILURES = 100;
    private static final Pattern OF_VERSION = Pattern.compile(BlobKey.VARIANTS + "[a-z]+/([^/]+/v[0-9]+)/.*");

    private final OrphanRepository orphans;
    private final Catalog catalog;
    private final RemovalLock removals;
    private final ObjectProvider<ObjectStore> worker;
    private final ObjectProvider<ObjectStore> admin;

    RemoveOrphans(
            OrphanRepository orphans,
            Catalog catalog,
            RemovalLock removals,
            @Qualifier("worker") ObjectProvider<ObjectStore> worker,
            @Qualifier("admin") ObjectProvider<ObjectStore> admin) {
        this.orphans = orphans;
        this.catalog = catalog;
        this.removals = removals;
        this.worker = worker;
        this.admin = admin;
    }

    /// What became of an orphan.
    enum Outcome {
        REMOVED,
        /// It was gone already.
        GONE,
        /// Something knows it now, or is about to.
        KNOWN,
        /// There is another object under its key now.
        CHANGED
    }

    /// Removes what was reported for long, of variants alone: originals and what others keep in the buckets stay
    /// reported until somebody names them.
    void removeFoundBefore(Bucket bucket, Instant before) throws IOException {
        if (bucket == Bucket.RAW) {
            throw new IllegalArgumentException("originals are removed by hand only");
        }
        BlobKey after = null;
        List<IOException> failures = new ArrayList<>();
        List<Orphan> page;
        do {
            page = orphans.page(bucket, before, after, BATCH);
            for (Orphan orphan : page) {
                after = orphan.key();
                if (versionOf(orphan.key()).isEmpty() || failures.size() >= MOST_FAILURES) {
                    continue;
                }
                try {
                    remove(orphan, worker.getObject());
                } catch (IOException failed) {
                    // One that the store does not let go of must not keep the others.
                    failures.add(failed);
                } catch (Failure refused) {
                    if (refused.kind() != Failure.Kind.BUSY) {
                        throw refused;
                    }
                    LOG.info("Orphans of {} stay for now: {}", bucket.text(), refused.publicMessage());
                    return;
                }
            }
        } while (page.size() == BATCH && failures.size() < MOST_FAILURES);
        if (!failures.isEmpty()) {
            throw new IOException(
                    "%d orphans of %s could not be removed".formatted(failures.size(), bucket.text()),
                    failures.getFirst());
        }
    }

    /// The identity that may delete in a bucket: for originals it is one that only administrators' wishes use, and
    /// so it is for all in a process that does not work.
    Optional<ObjectStore> storeFor(Bucket bucket) {
        ObjectStore ofVariants = bucket == Bucket.RAW ? null : worker.getIfAvailable();
        return Optional.ofNullable(ofVariants == null ? admin.getIfAvailable() : ofVariants);
    }

    /// @param store as an identity that may delete in the bucket
    Outcome remove(Orphan orphan, ObjectStore store) throws IOException {
        // Before the lock, which is held as briefly as can be. What is stored between the two is known afterwards, or
        // was left by a worker that failed, and is an orphan too.
        Optional<StoredObject> object = store.head(orphan.key());
        if (object.isEmpty()) {
            orphans.forget(orphan.key());
            return Outcome.GONE;
        }
        if (!orphan.is(object.get())) {
            return orphans.known(orphan.key().bucket(), Set.of(orphan.key().key()))
                            .isEmpty()
                    ? Outcome.CHANGED
                    : Outcome.KNOWN;
        }
        Optional<VersionId> version = versionOf(orphan.key());
        AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();
        if (version.isPresent()) {
            // Under the lock no worker can begin to store variants of the version.
            VersionId id = version.get();
            catalog.<IOException>whileLocked(
                    id.asset(),
                    id.version(),
                    found -> outcome.set(found.status().isFinal() ? removeNow(orphan, store) : Outcome.KNOWN));
        }
        Outcome underLock = outcome.get();
        return underLock == null ? removeNow(orphan, store) : underLock;
    }

    private static Optional<VersionId> versionOf(BlobKey key) {
        Matcher matcher = OF_VERSION.matcher(key.key());
        return key.bucket() != Bucket.RAW && matcher.matches() ? VersionId.parse(matcher.group(1)) : Optional.empty();
    }

    private Outcome removeNow(Orphan orphan, ObjectStore store) throws IOException {
        AtomicReference<Outcome> outcome = new AtomicReference<>(Outcome.KNOWN);
        removals.<IOException>whileRemoving(() -> outcome.set(removeUnknown(orphan, store)));
        return Objects.requireNonNull(outcome.get());
    }

    private Outcome removeUnknown(Orphan orphan, ObjectStore store) throws IOException {
        BlobKey key = orphan.key();
        if (!orphans.known(key.bucket(), Set.of(key.key())).isEmpty()) {
            orphans.forget(key);
            return Outcome.KNOWN;
        }
        store.delete(key);
        orphans.forget(key);
        LOG.info("Removed {}, which nothing knew since {}", key, orphan.foundAt());
        return Outcome.REMOVED;
    }
}
