package dev.safelight.upload;

import dev.safelight.asset.Reason;
import dev.safelight.asset.Rejection;
import dev.safelight.asset.Status;
import dev.safelight.asset.VersionId;
import dev.safelight.catalog.Catalog;
import dev.safelight.job.JobEnd;
import dev.safelight.job.JobHandler;
import dev.safelight.job.JobRun;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.StoredObject;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Settles an upload by what the store holds: received, refused, expired, or still awaited.
///
/// The instance is `{uploadId}/{why}`: events, clients and the sweep may each have the same upload settled, and
/// the
/// first to find the object wins.
@Component
@OnRole(ServerRole.WORKER)
final class CompleteUpload implements JobHandler {
    static final String KIND = "complete-upload";

    private static final Logger LOG = LoggerFactory.getLogger(CompleteUpload.class);

    private final UploadRepository ledger;
    private final Catalog catalog;
    private final ObjectStore store;
    private final PartLedger parts;
    private final UploadSettings settings;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    CompleteUpload(
            UploadRepository ledger,
            Catalog catalog,
            @Qualifier("worker") ObjectStore store,
            PartLedger parts,
            UploadSettings settings,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.ledger = ledger;
        this.catalog = catalog;
        this.store = store;
        this.parts = parts;
        this.settings = settings;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void run(JobRun run) throws IOException {
        UUID id = UUID.fromString(run.instance().substring(0, run.instance().indexOf('/')));
        Optional<Upload> found = ledger.find(id);
        if (found.isEmpty() || found.get().state() == Upload.State.RECEIVED) {
            run.foundNothingToDo();
            return;
        }
        Optional<StoredObject> object = store.head(found.get().key());
        if (object.isEmpty()) {
            run.foundNothingToDo();
        } else {
            // Where whoever joined the parts died before it could delete them.
            parts.discardParts(found.get());
        }
        Optional<Upload> expired = transaction.execute(status -> ledger.lock(id)
                .filter(upload -> upload.state() != Upload.State.RECEIVED)
                .filter(upload -> settle(upload, object)));
        if (expired.isPresent()) {
            parts.discardParts(expired.get());
        }
    }

    /// Whether the upload ended without its bytes, so that parts of them are of no use any more.
    private boolean settle(Upload upload, Optional<StoredObject> object) {
        boolean isAborted = upload.state() == Upload.State.ABORTED;
        if (object.isPresent() && !isAborted) {
            receive(upload, object.get());
            return false;
        }
        Instant now = clock.instant();
        object.ifPresent(stray -> ledger.noteStray(upload.id(), stray.bytes(), now));
        if (now.isAfter(upload.expiresAt().plus(settings.expiredKept()))) {
            catalog.forget(upload.version());
            return true;
        }
        if (upload.isOpen() && now.isAfter(upload.expiresAt().plus(settings.lateness()))) {
            expire(upload);
            return true;
        }
        return false;
    }

    private void receive(Upload upload, StoredObject object) {
        VersionId version = upload.version();
        Upload.Promise promise = upload.promise();
        ledger.markReceived(upload.id(), object.bytes(), clock.instant());
        if (!promise.isKeptBy(object.bytes())) {
            String detail = promise.sizeKnown()
                    ? "%d bytes were promised, %d arrived.".formatted(promise.bytes(), object.bytes())
                    : "At most %d bytes were allowed, %d arrived.".formatted(promise.bytes(), object.bytes());
            Reason reason = promise.sizeKnown() ? Reason.SIZE_MISMATCH : Reason.TOO_LARGE;
            catalog.end(version.asset(), version.version(), Status.REJECTED, new Rejection(reason, detail));
            return;
        }
        catalog.received(version.asset(), version.version(), object.etag(), object.bytes());
        LOG.info("Received {} as asset {}", upload.key(), version);
    }

    private void expire(Upload upload) {
        VersionId version = upload.version();
        ledger.markExpired(upload.id());
        catalog.end(
                version.asset(),
                version.version(),
                Status.FAILED,
                new Rejection(Reason.UPLOAD_EXPIRED, "No bytes arrived before the grant expired."));
        LOG.info("Upload {} expired unused", upload.id());
    }

    @Override
    public void abandon(String instance, JobEnd end) {
        // The upload stays pending, and the sweep will ask the store again.
        LOG.warn("Could not settle upload {}: {}", instance, end.reason());
    }
}
