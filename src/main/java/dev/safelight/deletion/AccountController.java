package dev.safelight.deletion;

import dev.safelight.access.Allow;
import dev.safelight.access.Role;
import dev.safelight.asset.Account;
import dev.safelight.asset.Failure;
import dev.safelight.catalog.Deletions;
import dev.safelight.catalog.Erasure;
import dev.safelight.catalog.Settlement;
import dev.safelight.job.JobQueue;
import dev.safelight.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Erases the accounts of end users, and tells how far that is.
@RestController
@RequestMapping("/v1/accounts/{account}")
final class AccountController {
    private static final Logger LOG = LoggerFactory.getLogger(AccountController.class);

    private final Deletions deletions;
    private final ObjectProvider<Removal> removal;
    private final DeletionSettings settings;
    private final JobQueue jobs;
    private final TransactionTemplate transaction;
    private final Settlement settlement;

    AccountController(
            Deletions deletions,
            ObjectProvider<Removal> removal,
            DeletionSettings settings,
            JobQueue jobs,
            TransactionTemplate transaction,
            Settlement settlement) {
        this.deletions = deletions;
        this.removal = removal;
        this.settings = settings;
        this.jobs = jobs;
        this.transaction = transaction;
        this.settlement = settlement;
    }

    /// An erasure as the API shows it.
    ///
    /// @param state `running` or `finished`
    /// @param originals whether originals are removed too
    /// @param assets that are blank and have no variants any more
    /// @param variants removed, mezzanines included
    /// @param originalsRemoved objects with originals that were removed
    /// @param uploadsAborted that were open
    record ErasureView(
            String state,
            boolean originals,
            long assets,
            long variants,
            long originalsRemoved,
            long uploadsAborted,
            Instant requestedAt,
            @Nullable Instant finishedAt) {
        static ErasureView of(Erasure erasure) {
            return new ErasureView(
                    erasure.finishedAt() == null ? "running" : "finished",
                    erasure.originals(),
                    erasure.assets(),
                    erasure.variants(),
                    erasure.originalsRemoved(),
                    erasure.uploadsAborted(),
                    erasure.requestedAt(),
                    erasure.finishedAt());
        }
    }

    /// Erases an account: from now on nothing of it is delivered; then its variants are removed, and its
    /// assets blanked. Asked again, the same erasure is shown.
    ///
    /// @param originals `true` removes originals that no other account's asset needs, whatever the policy is
    @DeleteMapping
    @Allow(Role.ADMIN)
    ResponseEntity<ErasureView> erase(
            @PathVariable String account,
            @RequestParam(defaultValue = "false") String originals,
            HttpServletRequest request) {
        QueryParameters.allowOnly(request, "originals");
        if (!originals.equals("true") && !originals.equals("false")) {
            throw new Failure(Failure.Kind.INVALID, "originals must be true or false.");
        }
        boolean remove = originals.equals("true") || settings.originals() == DeletionSettings.Originals.REMOVE;
        // Where workers are processes of their own, they alone know.
        Removal known = removal.getIfAvailable();
        if (remove && known != null && !known.canRemoveOriginals()) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "This server has no identity that may delete originals: set safelight.s3.keys.admin.");
        }
        Account erased = new Account(account);
        Erasure erasure = transaction.execute(status -> {
            long number = deletions.close(erased, remove).orElseThrow(AccountController::unknown);
            Erasure begun = deletions.erasure(number).orElseThrow(AccountController::unknown);
            if (begun.finishedAt() == null) {
                jobs.enqueue(EraseAccount.KIND, String.valueOf(number));
            }
            return begun;
        });
        LOG.info("The erasure of account {} was asked for, originals {}", erasure.account(), remove ? "too" : "kept");
        settlement.await();
        return ResponseEntity.status(HttpStatus.ACCEPTED)
                .cacheControl(CacheControl.noStore())
                .body(ErasureView.of(erasure));
    }

    /// How far the last erasure of an account is.
    @GetMapping("/erasure")
    @Allow(Role.ADMIN)
    ResponseEntity<ErasureView> erasure(@PathVariable String account, HttpServletRequest request) {
        QueryParameters.allowOnly(request);
        Erasure erasure = deletions.erasureOf(new Account(account)).orElseThrow(AccountController::unknown);
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(ErasureView.of(erasure));
    }

    private static Failure unknown() {
        return new Failure(Failure.Kind.NOT_FOUND, "No account of this name was erased, or is there to be erased.");
    }
}
