package dev.safelight.catalog;

import dev.safelight.asset.Account;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.asset.VersionId;
import dev.safelight.job.Flow;
import dev.safelight.job.JobQueue;
import dev.safelight.job.OwnInstance;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// How assets leave the catalogue: deleted, which can be undone; purged, which cannot; emptied, which leaves
/// a row that says there was one.
///
/// Being deleted is one condition, [#LIVE], beside status and moderation; all that delivers asks for it with
/// them.
@Component
public class Deletions {
    /// What an asset `a` of an account `c`, if it has one, must be like not to count as deleted.
    static final String LIVE = "a.deleted_at is null and c.erased_at is null";

    /// Stands where the name of a file was.
    static final String BLANK = "erased";

    private final DeletionRepository deletions;
    private final AccountRepository accounts;
    private final JobQueue jobs;
    private final InstantSource clock;
    private final AssetRepository assets;
    private final Broadcast broadcast;

    Deletions(
            DeletionRepository deletions,
            AccountRepository accounts,
            JobQueue jobs,
            InstantSource clock,
            AssetRepository assets,
            Broadcast broadcast) {
        this.deletions = deletions;
        this.accounts = accounts;
        this.jobs = jobs;
        this.clock = clock;
        this.assets = assets;
        this.broadcast = broadcast;
    }

    static Failure originalGone() {
        return new Failure(
                Failure.Kind.CONFLICT, "The stored original with these bytes was deleted just now: ask again.");
    }

    static Failure deleted() {
        return new Failure(
                Failure.Kind.CONFLICT,
                "The asset is deleted: restore it first with POST /v1/assets/{id}/restore, as long as it is not purged.");
    }

    private void withdrawn(AssetId id) {
        broadcast.changed(id);
        broadcast.withdrawing(Set.of(id));
    }

    /// From the commit on, nothing of the asset is delivered. Once more changes nothing.
    @Transactional
    public void delete(AssetId id) {
        if (deletions.delete(id, clock.instant())) {
            withdrawn(id);
            tellStore(id);
        }
    }

    /// The store itself keeps back what is deleted, too, soon after.
    private void tellStore(AssetId id) {
        deletions.tagged(id).forEach(version -> jobs.enqueue(TaggedVersions.JOB, OwnInstance.of(version)));
    }

    /// Makes a deleted asset what it was, and goes on with what was not processed. One that is not deleted
    /// stays as it is.
    ///
    /// @throws Failure conflict, when it is purged
    @Transactional
    public void restore(AssetId id) {
        if (deletions.restore(id)) {
            Flow flow = assets.flow(id).orElseThrow();
            deletions.processing(id).forEach(version -> jobs.enqueue(Catalog.PROCESSING_JOB, version.toString(), flow));
            broadcast.changed(id);
            tellStore(id);
        } else if (deletions.isDeleted(id)) {
            throw new Failure(
                    Failure.Kind.CONFLICT, "The asset is purged, and its variants with it: it cannot be restored.");
        }
    }

    /// Decides that assets are purged that were deleted before a moment. From the commit on they cannot be
    /// restored.
    ///
    /// @return how many; fewer than the limit when these were all
    @Transactional
    public int purge(Instant deletedBefore, int limit) {
        return deletions.purge(deletedBefore, clock.instant(), limit);
    }

    /// Purged assets whose variants are still there, in the order of their ids, but for those of accounts
    /// that are erased, which their erasure looks after.
    public List<AssetId> purged(AssetId after, int limit) {
        return deletions.purged(after, limit);
    }

    /// Closed accounts whose erasure has something left to do.
    public List<Long> unfinishedErasures(int limit) {
        return deletions.unfinishedErasures(limit);
    }

    /// Closes an account: from the commit on, nothing of it is delivered or told. Its assets are purged by
    /// and by.
    ///
    /// @return its number; that of the one that was closed last when no open one bears the name;
    ///     empty when none did
    @Transactional
    public Optional<Long> close(Account account, boolean originals) {
        Instant now = clock.instant();
        // First, as uploads of sessions do: they lock the session, then the account.
        deletions.endSessions(account.name(), now);
        Optional<Long> closed = accounts.close(account, now);
        if (closed.isPresent()) {
            deletions.beginErasure(closed.get(), originals, now);
            broadcast.manyWithdrawn();
            return closed;
        }
        Optional<Long> last = accounts.lastClosed(account);
        last.filter(number -> originals).ifPresent(deletions::removeOriginalsToo);
        return last;
    }

    /// The erasure of the account of this name that was erased last.
    public Optional<Erasure> erasureOf(Account account) {
        return accounts.lastClosed(account).flatMap(deletions::erasure);
    }

    public Optional<Erasure> erasure(long account) {
        return deletions.erasure(account);
    }

    /// Purges assets of a closed account and names those that are not emptied yet, some at a time in the
    /// order of their ids. Caches hear of each that was not purged before.
    @Transactional
    public List<AssetId> purgeOf(long account, AssetId after, int limit) {
        List<AssetId> page = deletions.notEmptied(account, after, limit);
        broadcast.withdrawing(deletions.purge(page, clock.instant()));
        return page;
    }

    /// Assets of a closed account in the order of their ids.
    public List<AssetId> assetsOf(long account, AssetId after, int limit) {
        return deletions.assetsOf(account, after, limit);
    }

    /// What is stored of a purged asset, beside originals.
    public Optional<Remains> remains(AssetId id) {
        return deletions.remains(id);
    }

    /// What was made of an asset.
    ///
    /// @param kinds of media that its versions are or were taken for, as they stand in keys
    /// @param objects of all variants and mezzanines
    public record Remains(Bucket bucket, Set<String> kinds, Set<BlobKey> objects) {
        public Remains {
            kinds = Set.copyOf(kinds);
            objects = Set.copyOf(objects);
        }
    }

    /// Forgets the variants of a purged asset, once their objects are gone, and all that is personal if its
    /// account is erased. Saying it twice changes and counts nothing.
    ///
    /// @param gone the objects that were removed
    /// @return false when it has others meanwhile, and nothing was changed
    @Transactional
    public boolean emptied(AssetId id, Set<BlobKey> gone) {
        // In this order, as whoever publishes a version does.
        deletions.lockVersions(id);
        if (!deletions.lockPurged(id)) {
            return true;
        }
        if (!gone.containsAll(deletions.objects(id))) {
            return false;
        }
        deletions.empty(id, clock.instant());
        withdrawn(id);
        return true;
    }

    /// The objects with originals of a purged asset that no other asset needs: those that are not purged do.
    public List<BlobKey> unneededOriginals(AssetId id) {
        return deletions.unneededOriginals(id);
    }

    /// Notes that originals of an asset were removed. Each counts once.
    @Transactional
    public void originalsRemoved(AssetId id, Collection<BlobKey> gone) {
        deletions.originalsRemoved(id, gone, clock.instant());
    }

    /// Counts uploads that were ended for an erasure.
    public void uploadsAborted(long account, int count) {
        deletions.countAborted(account, count);
    }

    public void finish(long account, boolean originals) {
        deletions.finish(account, originals, clock.instant());
    }

    /// Removes what is personal of an asset of an erased account; of one that was emptied before, too.
    @Transactional
    public void blank(AssetId id) {
        // In this order, as whoever publishes or decides does.
        deletions.lockVersions(id);
        deletions.blank(id);
    }

    /// Versions of an asset whose job may be at work now.
    public List<VersionId> processing(AssetId id) {
        return deletions.processing(id);
    }
}
