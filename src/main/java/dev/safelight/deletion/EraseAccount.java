package dev.safelight.deletion;

import dev.safelight.asset.AssetId;
import dev.safelight.catalog.Deletions;
import dev.safelight.catalog.Erasure;
import dev.safelight.job.JobEnd;
import dev.safelight.job.JobHandler;
import dev.safelight.job.JobRun;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.upload.AccountUploads;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Erases what there is of a closed account: ends its uploads, empties its assets, removes their originals if
/// it was asked to.
///
/// The instance is the account's number. Each asset is finished by itself, so that a run that was cut off is
/// gone on with where it ended. Where originals go, the last grant is waited for: its bytes may come until
/// then.
@Component
@OnRole(ServerRole.WORKER)
final class EraseAccount implements JobHandler {
    static final String KIND = "erase-account";

    private static final Logger LOG = LoggerFactory.getLogger(EraseAccount.class);

    private static final int BATCH = 100;
    /// What a store may take to finish a request that it let in.
    private static final Duration LATENESS = Duration.ofMinutes(1);

    private final Deletions deletions;
    private final AccountUploads uploads;
    private final EmptyAsset empty;
    private final InstantSource clock;

    EraseAccount(Deletions deletions, AccountUploads uploads, EmptyAsset empty, InstantSource clock) {
        this.deletions = deletions;
        this.uploads = uploads;
        this.empty = empty;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void run(JobRun run) throws IOException, InterruptedException {
        long account = Long.parseLong(run.instance());
        Optional<Erasure> erasure = deletions.erasure(account).filter(found -> found.finishedAt() == null);
        if (erasure.isEmpty()) {
            run.foundNothingToDo();
            return;
        }
        // Before anything is removed: nothing begins any more in a closed account.
        while (uploads.abortSome(account, BATCH) == BATCH) {
            PurgeDeleted.requireTime();
        }
        purgeAll(account);
        emptyAll(account);
        if (erasure.get().originals()) {
            removeOriginals(account);
            Optional<Instant> lastGrant = uploads.lastGrant(account);
            if (lastGrant.isPresent()
                    && clock.instant().isBefore(lastGrant.get().plus(LATENESS))) {
                // The next round that looks for unfinished erasures comes back to it.
                run.foundNothingToDo();
                return;
            }
        }
        blankAll(account);
        deletions.finish(account, erasure.get().originals());
        deletions.erasure(account).filter(one -> one.finishedAt() != null).ifPresent(EraseAccount::tell);
    }

    /// First of all, as caches in front of delivery hear of it with that, and to empty takes longer.
    private void purgeAll(long account) throws InterruptedException {
        AssetId after = PurgeDeleted.BEFORE_ALL;
        List<AssetId> page;
        do {
            PurgeDeleted.requireTime();
            page = deletions.purgeOf(account, after, BATCH);
            after = page.isEmpty() ? after : page.getLast();
        } while (page.size() == BATCH);
    }

    private void emptyAll(long account) throws IOException, InterruptedException {
        AssetId after = PurgeDeleted.BEFORE_ALL;
        List<AssetId> page;
        do {
            page = deletions.purgeOf(account, after, BATCH);
            for (AssetId id : page) {
                PurgeDeleted.requireTime();
                empty.run(id);
                after = id;
            }
        } while (page.size() == BATCH);
    }

    /// Retention may have emptied some before anybody asked for an erasure.
    private void blankAll(long account) throws InterruptedException {
        AssetId after = PurgeDeleted.BEFORE_ALL;
        List<AssetId> page;
        do {
            page = deletions.assetsOf(account, after, BATCH);
            for (AssetId id : page) {
                PurgeDeleted.requireTime();
                deletions.blank(id);
                after = id;
            }
        } while (page.size() == BATCH);
    }

    private void removeOriginals(long account) throws IOException, InterruptedException {
        AssetId after = PurgeDeleted.BEFORE_ALL;
        List<AssetId> page;
        do {
            page = deletions.assetsOf(account, after, BATCH);
            for (AssetId id : page) {
                PurgeDeleted.requireTime();
                empty.removeOriginals(id);
                after = id;
            }
        } while (page.size() == BATCH);
    }

    /// The trace of an erasure that stays: numbers, and nothing of whose it was.
    private static void tell(Erasure erasure) {
        LOG.info(
                "Erased account {}: {} assets, {} variants, {} originals, {} open uploads",
                erasure.account(),
                erasure.assets(),
                erasure.variants(),
                erasure.originalsRemoved(),
                erasure.uploadsAborted());
    }

    @Override
    public void abandon(String instance, JobEnd end) {
        LOG.warn("The erasure of account {} did not come to its end, and is begun again: {}", instance, end.reason());
    }
}
