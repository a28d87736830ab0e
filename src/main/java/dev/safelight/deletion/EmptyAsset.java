package dev.safelight.deletion;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.BlobKey;
import dev.safelight.catalog.Deletions;
import dev.safelight.catalog.Deletions.Remains;
import dev.safelight.job.JobQueue;
import dev.safelight.job.OwnInstance;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

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

    EmptyAsset(Deletions deletions, Removal removal, JobQueue jobs) {
        this.deletions = deletions;
        this.removal = removal;
        this.jobs = jobs;
    }

    void run(AssetId id) throws IOException {
        // Before anything is removed: should this process die, the second look is due all the same.
        jobs.enqueueAfter(SECOND_LOOK, RemoveRemains.KIND, OwnInstance.of(id));
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Remains> remains = deletions.remains(id);
            if (remains.isEmpty()) {
                return;
            }
            remove(id, remains.get());
            if (deletions.emptied(id, remains.get().objects())) {
                return;
            }
        }
        throw new IOException("the variants of " + id + " changed while they were removed");
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
