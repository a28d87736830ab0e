package dev.safelight.upload;

import dev.safelight.asset.Bucket;
import dev.safelight.job.RecurringJob;
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
final class EndAbandonedUploads implements RecurringJob {
    private static final Logger LOG = LoggerFactory.getLogger(EndAbandonedUploads.class);

    private static final String ORIGINALS = "raw/";
    private static final Duration PAUSE = Duration.ofMinutes(10);

    /// So many at most are ended in a round.
    private static final int BATCH = 500;

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
        Instant startedBefore = clock.instant().minus(settings.abandonedAfter());
        List<OpenUpload> abandoned = new ArrayList<>();
        listing.list(Bucket.RAW, ORIGINALS, page -> {
            if (abandoned.size() < BATCH) {
                abandoned.addAll(abandoned(page, startedBefore));
            }
        });
        for (OpenUpload upload : abandoned.subList(0, Math.min(abandoned.size(), BATCH))) {
            // Asked again: much may have happened since the store was listed.
            if (ledger.openStoreIds(List.of(upload.uploadId())).isEmpty()) {
                ending.abort(upload.key(), upload.uploadId());
                LOG.info("Ended an upload in parts of {} that nobody goes on with", upload.key());
            }
        }
    }

    private List<OpenUpload> abandoned(List<OpenUpload> page, Instant startedBefore) {
        List<OpenUpload> old = page.stream()
                .filter(upload -> upload.startedAt().isBefore(startedBefore))
                .toList();
        Set<String> open =
                ledger.openStoreIds(old.stream().map(OpenUpload::uploadId).collect(Collectors.toSet()));
        return old.stream().filter(upload -> !open.contains(upload.uploadId())).toList();
    }
}
