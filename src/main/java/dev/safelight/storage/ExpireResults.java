package dev.safelight.storage;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.job.RecurringJob;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.StoredObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/// Removes results on request that are older than is wanted, where the store has no lifecycle of its own.
///
/// One that is made again between the look and the removal is lost and made once more.
@Component
@OnRole(ServerRole.WORKER)
final class ExpireResults implements RecurringJob {
    private static final Logger LOG = LoggerFactory.getLogger(ExpireResults.class);

    private static final List<Bucket> BUCKETS = List.of(Bucket.PROCESSED, Bucket.USER, Bucket.MARKETING);
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final Duration BETWEEN_WALKS = Duration.ofHours(6);

    /// So many tell that it is the whole store that fails.
    private static final int MOST_FAILURES = 100;

    private final BucketWalks walks;
    private final ObjectStore store;
    private final StorageSettings settings;
    private final boolean embedded;
    private final InstantSource clock;

    ExpireResults(
            BucketWalks walks,
            @Qualifier("worker") ObjectStore store,
            StorageSettings settings,
            @Value("${safelight.s3.endpoint:embedded}") String endpoint,
            InstantSource clock) {
        this.walks = walks;
        this.store = store;
        this.settings = settings;
        this.embedded = endpoint.equals("embedded");
        this.clock = clock;
    }

    @Override
    public String name() {
        return "expire-results";
    }

    @Override
    public Duration pause() {
        return PAUSE;
    }

    @Override
    public void run() throws IOException {
        if (!settings.sweeps(embedded)) {
            return;
        }
        Instant now = clock.instant();
        List<IOException> failures = new ArrayList<>();
        for (Bucket bucket : BUCKETS) {
            try {
                walks.round(
                        name(),
                        store,
                        bucket,
                        BlobKey.RESULTS,
                        BETWEEN_WALKS,
                        now,
                        page -> expire(page, now.minus(settings.derivedExpiry()), failures));
            } catch (IOException failed) {
                // The other buckets have their turn all the same.
                failures.add(failed);
            }
        }
        if (!failures.isEmpty()) {
            throw new IOException(
                    "%d results or buckets could not be looked at or removed".formatted(failures.size()),
                    failures.getFirst());
        }
    }

    private void expire(List<StoredObject> page, Instant before, List<IOException> failures) throws IOException {
        int removed = 0;
        for (StoredObject object : page) {
            if (!object.lastModified().isBefore(before)) {
                continue;
            }
            try {
                store.delete(object.key());
                removed++;
            } catch (IOException failed) {
                // One that the store does not let go of must not keep the others.
                failures.add(failed);
                if (failures.size() >= MOST_FAILURES) {
                    throw failed;
                }
            }
        }
        if (removed > 0) {
            LOG.info("Removed {} results on request that have expired", removed);
        }
    }
}
