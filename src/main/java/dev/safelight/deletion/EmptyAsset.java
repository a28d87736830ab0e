package dev.safelight.deletion;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.BlobKey;
import dev.safelight.catalog.Deletions;
import dev.safelight.catalog.Deletions.Remains;
import dev.safelight.job.JobQueue;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Removes what is stored of a purged asset, then forgets it.
///
/// Objects go first and rows last, so that whatever is interrupted is done again and nothing is left that nothing
/// knows. A worker may be storing variants all the while; the catalogue does not take them any more, and a second look
/// some minutes later removes what it stored after the first.
@Component
@OnRole(ServerRole.WORKER)
final class EmptyAsset {
    /// Longer than any picture takes.
    private static final Duration SECOND_LOOK = Duration.ofMinutes(5);

    private static final int ATTEMPTS = 3;

    private final Deletions deletions;
    private final Removal removal;
    private final JobQueue jobs;
    private final TransactionTemplate transaction;

    EmptyAsset(Deletions deletions, Removal removal, JobQueue jobs, TransactionTemplate transaction) {
        this.deletions = deletions;
        this.removal = removal;
        this.jobs = jobs;
        this.transaction = transaction;
    }

    void run(AssetId id) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Remains> remains = deletions.remains(id);
            if (remains.isEmpty()) {
                return;
            }
            remove(id, remains.get());
            if (forget(id, remains.get())) {
                return;
            }
        }
        throw new IOException("the variants of " + id + " changed while they were removed");
    }

    /// The second look becomes due with it: who dies before does all of it again.
    private boolean forget(AssetId id, Remains remains) {
        return transaction.execute(status -> {
            boolean emptied = deletions.emptied(id, remains.objects());
            if (emptied) {
                jobs.enqueueAfter(SECOND_LOOK, RemoveRemains.KIND, id.toString());
            }
            return emptied;
        });
    }

    /// Removes the objects that the catalogue knows, and whatever else lies where only those of the asset do.
    void remove(AssetId id, Remains remains) throws IOException {
        removal.variants(remains.objects());
        for (String kind : remains.kinds()) {
            removal.below(remains.bucket(), BlobKey.VARIANTS + kind + "/" + id + "/");
        }
        removal.below(remains.bucket(), BlobKey.RESULTS + id + "/");
    }

    /// Removes the originals that no other asset needs.
    void removeOriginals(AssetId id) throws IOException {
        List<BlobKey> unneeded = deletions.unneededOriginals(id);
        if (!unneeded.isEmpty()) {
            removal.originals(unneeded);
            deletions.originalsRemoved(id, unneeded);
        }
    }
}
