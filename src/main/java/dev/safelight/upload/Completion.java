package dev.safelight.upload;

import dev.safelight.asset.Failure;
import dev.safelight.asset.Reason;
import dev.safelight.job.JobQueue;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.store.StoredPart;
import java.io.IOException;
import java.util.List;
import org.springframework.stereotype.Component;

/// Ends uploads as their clients ask: whole, or not at all.
@Component
@OnRole({ServerRole.API, ServerRole.WORKER})
final class Completion {
    private final PartLedger parts;
    private final JobQueue jobs;

    Completion(PartLedger parts, JobQueue jobs) {
        this.parts = parts;
        this.jobs = jobs;
    }

    /// Joins what was sent in parts, and has the upload settled by what the store then holds.
    ///
    /// @param claimed the parts as the client knows them; empty when it does not say
    void complete(Upload upload, List<StoredPart> claimed) throws IOException {
        if (upload.transfer() instanceof Upload.Transfer.Parts) {
            parts.join(upload, claimed);
        } else if (upload.state() == Upload.State.ABORTED) {
            throw new Failure(Failure.Kind.CONFLICT, Reason.UPLOAD_ABORTED, "The upload was aborted: begin again.");
        }
        jobs.enqueue(CompleteUpload.KIND, upload.id() + "/asked");
    }

    void abort(Upload upload) throws IOException {
        parts.abort(upload);
    }
}
