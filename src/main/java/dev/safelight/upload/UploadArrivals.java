package dev.safelight.upload;

import dev.safelight.event.ObjectListener;
import dev.safelight.event.StoreEvent;
import dev.safelight.job.JobQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Has an upload settled when the store tells of its object.
@Component
final class UploadArrivals implements ObjectListener {
    private static final Logger LOG = LoggerFactory.getLogger(UploadArrivals.class);

    private final UploadRepository ledger;
    private final JobQueue jobs;

    UploadArrivals(UploadRepository ledger, JobQueue jobs) {
        this.ledger = ledger;
        this.jobs = jobs;
    }

    @Override
    public void objectCreated(StoreEvent event, long eventId) {
        ledger.findByKey(event.key())
                .ifPresentOrElse(
                        upload -> jobs.enqueue(CompleteUpload.KIND, upload.id() + "/" + eventId),
                        () -> LOG.debug("No upload was granted for {}", event.key()));
    }
}
