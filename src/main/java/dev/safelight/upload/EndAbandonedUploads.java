package dev.safelight.upload;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.job.RecurringJob;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.store.MultipartUploads;
import dev.safelight.store.OpenUpload;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/// Ends uploads in parts that the store still has and no open upload of the ledger stands for: those begun
/// by a process that died before it noted them, and those whose end the store did not hear of.
///
/// One that is only just being noted is protected by its age. Should a process sleep through that, its upload
/// begins anew when the store no longer knows it.
@Component
@OnRole(ServerRole.WORKER)
final class EndAbandonedUploads implements RecurringJob {
    private static final Logger LOG = LoggerFactory.getLogger(EndAbandonedUploads.class);

    private static final Duration PAUSE = Duration.ofMinutes(10);

    /// So many at most are ended in a round.
    private static final int BATCH = 500;
    /// So many tell that it is the whole store that fails.
    private static final int MOST_FAILURES = 100;
    /// So many at most are tried.
    private static final int MOST_LISTED = 10_000;
    /// How much longer an upload is left alone that the ledger never heard of.
    private static final Duration UNKNOWN_FOR = Duration.ofDays(7);

    private final MultipartUploads listing;
    private final MultipartUploads ending;
    private final UploadRepository ledger;
    private final UploadSettings settings;
    private final InstantSource clock;

    EndAbandonedUploads(
            @Qualifier("worker") MultipartUploads listing,
            @Qualifier("uploader") MultipartUploads ending,
            UploadRepository ledger,
            UploadSettings settings,
            InstantSource clock) {
        this.listing = listing;
        this.ending = ending;
        this.ledger = ledger;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "end-abandoned-uploads";
    }

    @Override
    public Duration pause() {
        return PAUSE;
    }

    @Override
    public void run() throws IOException {
        Instant now = clock.instant();
        List<OpenUpload> abandoned = new ArrayList<>();
        listing.list(Bucket.RAW, BlobKey.ORIGINALS, page -> {
            if (abandoned.size() < MOST_LISTED) {
                abandoned.addAll(abandoned(page, now));
            }
        });
        List<IOException> failures = new ArrayList<>();
        int ended = 0;
        for (OpenUpload upload : abandoned) {
            if (ended == BATCH || failures.size() == MOST_FAILURES) {
                break;
            }
            try {
                ended += end(upload) ? 1 : 0;
            } catch (IOException failed) {
                // One that the store does not let go of must not keep the others.
                failures.add(failed);
            }
        }
        if (!failures.isEmpty()) {
            throw new IOException(
                    "%d of %d abandoned uploads in parts could not be ended"
                            .formatted(failures.size(), abandoned.size()),
                    failures.getFirst());
        }
    }

    private boolean end(OpenUpload upload) throws IOException {
        // Asked again: much may have happened since the store was listed.
        if (!ledger.openStoreIds(List.of(upload.uploadId())).isEmpty()) {
            return false;
        }
        ending.abort(upload.key(), upload.uploadId());
        LOG.info("Ended an upload in parts of {} that nobody goes on with", upload.key());
        return true;
    }

    private List<OpenUpload> abandoned(List<OpenUpload> page, Instant now) {
        Instant startedBefore = now.minus(settings.abandonedAfter());
        List<OpenUpload> old = page.stream()
                .filter(upload -> OriginalKey.uploadIn(upload.key()).isPresent())
                .filter(upload -> upload.startedAt().isBefore(startedBefore))
                .toList();
        Set<String> open =
                ledger.openStoreIds(old.stream().map(OpenUpload::uploadId).collect(Collectors.toSet()));
        return old.stream()
                .filter(upload -> !open.contains(upload.uploadId()))
                .filter(upload -> isOurs(upload, now))
                .toList();
    }

    /// Whether the ledger has the upload, or nobody can be expected to: another installation may share the
    /// bucket, and
    /// a ledger that was restored knows less than it did.
    private boolean isOurs(OpenUpload upload, Instant now) {
        return upload.startedAt().isBefore(now.minus(settings.abandonedAfter()).minus(UNKNOWN_FOR))
                || OriginalKey.uploadIn(upload.key()).flatMap(ledger::find).isPresent();
    }
}
