package dev.safelight.storage;

import dev.safelight.asset.Bucket;
import dev.safelight.store.ObjectPage;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.StoredObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// Walks through buckets a few pages at a time, and goes on the next time where it was.
///
/// A page that was seen before a crash may be seen again, and objects that come behind the place where the walk
/// is are seen by the next walk.
@Component
public final class BucketWalks {
    private static final int PAGE = 1000;

    /// Pages that one round looks at in each bucket.
    static final int PAGES = 20;

    private final WalkRepository walks;

    BucketWalks(WalkRepository walks) {
        this.walks = walks;
    }

    /// What is done with each page.
    @FunctionalInterface
    public interface Visitor {
        void visit(List<StoredObject> page) throws IOException;
    }

    /// One round of a walk.
    ///
    /// @param walk what the walk is called
    /// @param pause between the end of a walk through the bucket and the begin of the next
    /// @return when the walk began, if this round came to its end
    public Optional<Instant> round(
            String walk, ObjectStore store, Bucket bucket, String prefix, Duration pause, Instant time, Visitor visitor)
            throws IOException {
        // As precise as the database.
        Instant now = time.truncatedTo(ChronoUnit.MILLIS);
        WalkRepository.Place place = walks.find(walk, bucket).orElse(new WalkRepository.Place("", now, null));
        Instant finished = place.finishedAt();
        if (finished != null) {
            if (now.isBefore(finished.plus(pause))) {
                return Optional.empty();
            }
            place = new WalkRepository.Place("", now, null);
        }
        for (int i = 0; i < PAGES; i++) {
            ObjectPage page = store.page(bucket, prefix, place.after(), PAGE);
            visitor.visit(page.objects());
            String next = page.next();
            if (next == null) {
                walks.save(walk, bucket, new WalkRepository.Place("", place.beganAt(), now));
                return Optional.of(place.beganAt());
            }
            if (next.compareTo(place.after()) == 0) {
                throw new IOException("cannot list the bucket " + bucket.text() + ": the store repeats itself");
            }
            place = new WalkRepository.Place(next, place.beganAt(), null);
            walks.save(walk, bucket, place);
        }
        return Optional.empty();
    }
}
