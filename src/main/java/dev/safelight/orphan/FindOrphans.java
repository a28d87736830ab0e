package dev.safelight.orphan;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.job.RecurringJob;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.storage.BucketWalks;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.StoredObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/// Walks through the buckets, some pages in each round, and reports the objects that nothing knows.
///
/// Whoever stores an object tells the database before (originals) or soon after (variants), so only what is
/// older than the grace counts. Results on request are kept under `derived/` without the catalogue's
/// knowledge; they are none.
@Component
@OnRole(ServerRole.WORKER)
final class FindOrphans implements RecurringJob {
    private static final Logger LOG = LoggerFactory.getLogger(FindOrphans.class);

    /// Between two rounds of a walk that is under way.
    private static final Duration ROUND = Duration.ofMinutes(1);

    private final OrphanRepository orphans;
    private final BucketWalks walks;
    private final ObjectStore store;
    private final RemoveOrphans removal;
    private final OrphanSettings settings;
    private final InstantSource clock;

    FindOrphans(
            OrphanRepository orphans,
            BucketWalks walks,
            @Qualifier("worker") ObjectStore store,
            RemoveOrphans removal,
            OrphanSettings settings,
            InstantSource clock) {
        this.orphans = orphans;
        this.walks = walks;
        this.store = store;
        this.removal = removal;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "find-orphans";
    }

    @Override
    public Duration pause() {
        return ROUND;
    }

    @Override
    public void run() throws IOException {
        List<IOException> failures = new ArrayList<>();
        for (Bucket bucket : Bucket.values()) {
            try {
                walk(bucket);
            } catch (IOException failed) {
                // The other buckets are walked through all the same.
                failures.add(failed);
            }
        }
        if (!failures.isEmpty()) {
            throw new IOException("%d buckets failed".formatted(failures.size()), failures.getFirst());
        }
    }

    private void walk(Bucket bucket) throws IOException {
        // As precise as the database, so that what is noted now is not older than now.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Optional<Instant> ended =
                walks.round(name(), store, bucket, "", settings.pause(), now, page -> examine(bucket, page, now));
        if (ended.isEmpty()) {
            return;
        }
        orphans.forgetUnseen(bucket, ended.get());
        Duration removeAfter = settings.removeAfter();
        if (removeAfter != null && bucket != Bucket.RAW) {
            removal.removeFoundBefore(bucket, now.minus(removeAfter));
        }
        OrphanRepository.Total total = orphans.totals().get(bucket);
        if (total != null) {
            LOG.warn(
                    "Objects that nothing knows in {}: {}, of {} bytes", bucket.text(), total.objects(), total.bytes());
        }
    }

    private void examine(Bucket bucket, List<StoredObject> page, Instant now) {
        List<StoredObject> old = page.stream()
                .filter(object -> object.lastModified().isBefore(now.minus(settings.grace())))
                .filter(object -> bucket == Bucket.RAW || !object.key().key().startsWith(BlobKey.RESULTS))
                .toList();
        if (old.isEmpty()) {
            return;
        }
        Set<String> known = orphans.known(
                bucket, old.stream().map(object -> object.key().key()).collect(Collectors.toSet()));
        List<StoredObject> unknown = old.stream()
                .filter(object -> !known.contains(object.key().key()))
                .toList();
        if (!unknown.isEmpty()) {
            orphans.note(unknown, now);
        }
    }
}
