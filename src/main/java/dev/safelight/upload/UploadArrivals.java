package dev.safelight.upload;

import dev.safelight.event.ObjectListener;
import dev.safelight.event.StoreEvent;
import dev.safelight.job.JobQueue;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import org.springframework.stereotype.Component;

/// Has an upload settled when the store tells of its object. One that has its bytes already is left alone, whatever
/// is told of its object later.
@Component
@OnRole({ServerRole.API, ServerRole.WORKER})
final class UploadArrivals implements ObjectListener {
    private final UploadRepository ledger;
    private final JobQueue jobs;

    UploadArrivals(UploadRepository ledger, JobQueue jobs) {
        this.ledger = ledger;
        this.jobs = jobs;
    }

    @Override
    public boolean awaits(StoreEvent event) {
        return ledger.findByKey(event.key()).isPresent();
    }

    @Override
    public void objectCreated(StoreEvent event, long eventId) {
        ledger.findByKey(event.key())
                .filter(upload -> upload.state() != Upload.State.RECEIVED)
                .ifPresent(upload -> jobs.enqueue(CompleteUpload.KIND, upload.id() + "/" + eventId));
    }
}
