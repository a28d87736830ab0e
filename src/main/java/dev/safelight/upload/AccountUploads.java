package dev.safelight.upload;

import dev.safelight.asset.Reason;
import dev.safelight.asset.Rejection;
import dev.safelight.asset.Status;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.Deletions;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// The uploads of an account that is erased.
@Component
@OnRole({ServerRole.API, ServerRole.WORKER})
public final class AccountUploads {
    private final UploadRepository ledger;
    private final PartLedger parts;
    private final Catalog catalog;
    private final Deletions deletions;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    AccountUploads(
            UploadRepository ledger,
            PartLedger parts,
            Catalog catalog,
            Deletions deletions,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.ledger = ledger;
        this.parts = parts;
        this.catalog = catalog;
        this.deletions = deletions;
        this.transaction = transaction;
        this.clock = clock;
    }

    /// Ends some uploads of a closed account that are still open, wherever their bytes are: those that arrived and were
    /// not taken yet are not taken.
    ///
    /// @return how many were looked at; fewer than the limit when these were all
    public int abortSome(long account, int limit) throws IOException {
        List<Upload> open = ledger.openOfAccount(account, limit);
        for (Upload upload : open) {
            // Once it is ended, its parts have no name here: who dies in between finds it open, and does both again.
            parts.discardParts(upload);
            Optional<Upload> aborted = transaction.execute(status -> abort(upload, account));
            if (aborted.isPresent()) {
                parts.discardParts(aborted.get());
            }
        }
        return open.size();
    }

    private Optional<Upload> abort(Upload upload, long account) {
        Optional<Upload> open = ledger.lock(upload.id())
                .filter(now -> now.state() == Upload.State.PENDING || now.state() == Upload.State.EXPIRED);
        open.ifPresent(now -> {
            ledger.markAborted(now.id(), clock.instant());
            catalog.end(
                    now.version().asset(),
                    now.version().version(),
                    Status.FAILED,
                    new Rejection(Reason.UPLOAD_ABORTED, "The upload was ended before its bytes were taken."));
            deletions.uploadsAborted(account, 1);
        });
        return open;
    }

    /// When the last grant of these uploads ends: until then, bytes can arrive that nobody takes.
    public Optional<Instant> lastGrant(long account) {
        return ledger.lastGrantOfAccount(account);
    }
}
