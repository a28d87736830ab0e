package dev.safelight.catalog;

import dev.safelight.asset.Failure;
import dev.safelight.asset.Moderation;
import dev.safelight.asset.Status;
import dev.safelight.asset.VersionId;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Decisions of moderators, and the order in which the catalogue and the store's tags learn of them.
///
/// The catalogue's gate and the store's are both open only while both say approved. So a refusal is committed
/// first and tagged after, and an approval is tagged first and committed after: nobody is told of an approval
/// that the store does not know. Before the store is told, it is noted for good that the tags may be ahead,
/// and looked at under the lock that this note is still there: whoever dies in between leaves a version that
/// is tagged again.
@Component
class Moderations {
    private static final Logger LOG = LoggerFactory.getLogger(Moderations.class);

    /// Approvals hold a connection to the database while the store is told; these few may.
    private static final int AT_ONCE = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int ATTEMPTS = 5;

    private final AssetRepository assets;
    private final VersionRepository versions;
    private final TagRepository due;
    private final StatusTags tags;
    private final TaggedVersions tagged;
    private final Broadcast broadcast;
    private final TransactionTemplate transaction;
    private final Semaphore places = new Semaphore(AT_ONCE);

    Moderations(
            AssetRepository assets,
            VersionRepository versions,
            TagRepository due,
            StatusTags tags,
            TaggedVersions tagged,
            Broadcast broadcast,
            PlatformTransactionManager transactions) {
        this.assets = assets;
        this.versions = versions;
        this.due = due;
        this.tags = tags;
        this.tagged = tagged;
        this.broadcast = broadcast;
        this.transaction = new TransactionTemplate(transactions);
    }

    /// @return false when there is no such version
    boolean decide(VersionId id, Moderation moderation, @Nullable String reason) {
        if (moderation == Moderation.APPROVED && isTagged(id)) {
            return approve(id, reason);
        }
        return transaction.execute(_ -> note(id, moderation, reason));
    }

    private boolean isTagged(VersionId id) {
        return assets.find(id.asset(), id.version())
                .map(CatalogEntry::version)
                .filter(TaggedVersions::hasTags)
                .isPresent();
    }

    private boolean approve(VersionId id, @Nullable String reason) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("an approval in the user space needs transactions of its own");
        }
        enter();
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                transaction.executeWithoutResult(_ -> due.setDue(id));
                Optional<Boolean> done = transaction.execute(_ -> tagAndNote(id, reason));
                if (done.isPresent()) {
                    return done.get();
                }
            }
        } catch (RuntimeException e) {
            // The store may know of an approval that does not stand.
            try {
                tagged.tagLater(id);
            } catch (RuntimeException late) {
                // It is noted that the version is due, so that it is found anyhow.
                e.addSuppressed(late);
            }
            throw e;
        } finally {
            places.release();
        }
        throw new Failure(Failure.Kind.UNAVAILABLE, "The version is being changed all the time: try again.");
    }

    private void enter() {
        boolean entered = false;
        try {
            entered = places.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!entered) {
            throw new Failure(
                    Failure.Kind.UNAVAILABLE,
                    "Too many approvals wait for the object store; nothing was changed. Try again.");
        }
    }

    /// @return empty when somebody found the tags in order in the meantime, so that it must be noted again
    ///     that they may not be
    private Optional<Boolean> tagAndNote(VersionId id, @Nullable String reason) {
        if (!assets.lock(id.asset(), id.version())) {
            return Optional.of(false);
        }
        CatalogEntry entry = assets.find(id.asset(), id.version()).orElseThrow();
        requireReady(id, entry);
        if (!due.isDue(id)) {
            return Optional.empty();
        }
        if (write(entry)) {
            due.setDone(id);
        }
        // Notes that it is due again, until a job has looked once more.
        return Optional.of(note(id, Moderation.APPROVED, reason));
    }

    private boolean write(CatalogEntry entry) {
        try {
            return tags.write(
                    entry.version().derivatives(), entry.isDeleted() ? Moderation.REJECTED : Moderation.APPROVED);
        } catch (IOException e) {
            LOG.warn("The approval of a version was refused, as the object store was not told of it", e);
            throw new Failure(
                    Failure.Kind.UNAVAILABLE,
                    "The object store could not be told of the approval, so nothing was changed: try again later.",
                    e);
        }
    }

    /// The decision itself, in the transaction of whoever calls.
    private boolean note(VersionId id, Moderation moderation, @Nullable String reason) {
        // Whoever makes it READY at this moment comes before or after, so that the answer fits what is found.
        if (!assets.lock(id.asset(), id.version()) || !assets.moderate(id.asset(), id.version(), moderation, reason)) {
            assets.find(id.asset(), id.version()).ifPresent(entry -> requireReady(id, entry));
            return false;
        }
        versions.promote(id);
        tagged.tagLater(id);
        broadcast.changed(id.asset());
        if (moderation != Moderation.APPROVED) {
            broadcast.withdrawing(Set.of(id.asset()));
        }
        return true;
    }

    private static void requireReady(VersionId id, CatalogEntry entry) {
        if (entry.version().status() != Status.READY) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "Only a version that is READY can be approved; version %d is %s."
                            .formatted(id.version(), entry.version().status()));
        }
    }
}
