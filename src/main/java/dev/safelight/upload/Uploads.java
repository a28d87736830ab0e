package dev.safelight.upload;

import dev.safelight.access.Caller;
import dev.safelight.asset.Account;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import dev.safelight.asset.VersionId;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/// Enters uploads into the ledger: holds each request against its terms, and knows again what was asked
/// before.
@Component
@OnRole({ServerRole.API, ServerRole.WORKER})
class Uploads {
    private final UploadRepository ledger;
    private final Catalog catalog;
    private final UploadSettings settings;
    private final Allowances allowances;
    private final SharedOriginals originals;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    Uploads(
            UploadRepository ledger,
            Catalog catalog,
            UploadSettings settings,
            Allowances allowances,
            SharedOriginals originals,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.ledger = ledger;
        this.catalog = catalog;
        this.settings = settings;
        this.allowances = allowances;
        this.originals = originals;
        this.transaction = transaction;
        this.clock = clock;
    }

    /// Enters a new upload, or finds the one with the same idempotency key.
    Entered enter(UploadRequest request, Caller caller) {
        return enter(Order.of(request), caller);
    }

    Entered enter(Order order, Caller caller) {
        try {
            return tryToEnter(order, caller);
        } catch (DuplicateKeyException race) {
            return tryToEnter(order, caller);
        }
    }

    /// Enters several uploads, each on its own: one that is refused does not hinder the others. They share a
    /// transaction, unless they and others lock each other out.
    List<Answer> enterAll(List<UploadRequest> requests, Caller caller) {
        try {
            return transaction.execute(status -> {
                List<Answer> answers = new ArrayList<>();
                for (UploadRequest request : requests) {
                    answers.add(enterOne(Order.of(request), caller, status));
                }
                return answers;
            });
        } catch (PessimisticLockingFailureException deadlock) {
            return requests.stream().map(request -> enterAlone(request, caller)).toList();
        }
    }

    private Answer enterAlone(UploadRequest request, Caller caller) {
        try {
            return new Answer.Granted(enter(request, caller));
        } catch (Failure refused) {
            return new Answer.Refused(refused);
        }
    }

    private Answer enterOne(Order order, Caller caller, TransactionStatus status) {
        for (int attempt = 1; ; attempt++) {
            // Released with the transaction: after an error other than these there is nothing left to be released.
            Object savepoint = status.createSavepoint();
            try {
                return new Answer.Granted(tryToEnter(order, caller));
            } catch (Failure refused) {
                status.rollbackToSavepoint(savepoint);
                return new Answer.Refused(refused);
            } catch (DuplicateKeyException race) {
                status.rollbackToSavepoint(savepoint);
                if (attempt == 2) {
                    throw race;
                }
            }
        }
    }

    /// @throws DuplicateKeyException when another request with the idempotency key was faster, and will be
    ///     found now
    private Entered tryToEnter(Order order, Caller caller) {
        UploadRequest request = order.request();
        Optional<CatalogEntry> target = target(request, caller);
        Space space = spaceOf(request, target, caller);
        Terms terms = Terms.of(space, settings.policy(space), caller);
        MediaType type = terms.admit(request);
        Upload.Promise promise = new Upload.Promise(
                type.text(), request.size() == null ? terms.maxBytes() : request.size(), request.size() != null);
        Upload.Transfer transfer = order.transfer(promise, settings);
        String hash = RequestHash.of(request, space);
        String idempotencyKey = request.idempotencyKey();
        Optional<Upload> known =
                idempotencyKey == null ? Optional.empty() : ledger.findByIdempotencyKey(caller.keyId(), idempotencyKey);
        if (known.isPresent()) {
            return repeat(known.get(), hash, space, caller);
        }
        allowances.takeGrant(caller);
        try {
            return enterNew(order, terms, target, new Admitted(type, promise, transfer, hash), caller);
        } catch (RuntimeException refused) {
            allowances.giveBackGrant(caller);
            throw refused;
        }
    }

    /// What was found to be in order about a request.
    private record Admitted(MediaType type, Upload.Promise promise, Upload.Transfer transfer, String hash) {}

    private Entered enterNew(
            Order order, Terms terms, Optional<CatalogEntry> target, Admitted admitted, Caller caller) {
        allowances.requireOpenPlace(caller);
        UploadRequest request = order.request();
        Space space = terms.space();
        Upload.Sender sender = new Upload.Sender(
                caller.keyId(), request.idempotencyKey(), admitted.hash(), order.sessionId(), order.clientKey());
        Optional<AssetVersion.Original> shared = originals.find(request, space, admitted.type(), caller);
        Draft draft =
                new Draft(request, terms, admitted.type(), admitted.promise(), admitted.transfer(), sender, shared);
        return transaction.execute(status -> {
            allowances.requireQuota(admitted.promise().bytes(), space, caller);
            Upload upload = record(draft, target, caller);
            return new Entered(Standing.ofNew(upload, space, request.fileName()), true);
        });
    }

    /// An upload that was admitted and is about to be entered.
    private record Draft(
            UploadRequest request,
            Terms terms,
            MediaType type,
            Upload.Promise promise,
            Upload.Transfer transfer,
            Upload.Sender sender,
            Optional<AssetVersion.Original> shared) {}

    private Upload record(Draft draft, Optional<CatalogEntry> target, Caller caller) {
        Instant now = clock.instant();
        UUID uploadId = AssetId.timeOrdered(now);
        String fileName = draft.request().fileName();
        BlobKey key = OriginalKey.of(uploadId, fileName, now);
        String sha256 = draft.request().sha256() == null
                ? null
                : draft.request().sha256().toLowerCase(Locale.ROOT);
        Optional<AssetVersion.Original> shared = draft.shared();
        AssetVersion.Original original = shared.map(
                        same -> same.as(fileName, draft.terms().content()))
                .orElseGet(() -> new AssetVersion.Original(
                        key,
                        fileName,
                        draft.type(),
                        draft.promise().bytes(),
                        null,
                        sha256,
                        draft.terms().content()));
        VersionId version = add(draft, target, original, caller, now);
        Upload upload = new Upload(
                uploadId,
                version,
                draft.sender(),
                key,
                draft.promise(),
                draft.transfer(),
                shared.isPresent() ? Upload.State.RECEIVED : Upload.State.PENDING,
                now,
                expiry(draft.transfer(), now));
        ledger.insert(upload);
        return upload;
    }

    /// @param original with an entity tag when it is another version's, so that there is nothing to wait for
    private VersionId add(
            Draft draft, Optional<CatalogEntry> target, AssetVersion.Original original, Caller caller, Instant now) {
        boolean isShared = original.etag() != null;
        if (target.isPresent()) {
            AssetId id = target.get().version().id();
            int version =
                    (isShared ? catalog.addSharedVersion(id, original) : catalog.addVersion(id, original)).version();
            return new VersionId(id, version);
        }
        String name = draft.request().account();
        Account account = name == null ? null : new Account(name);
        AssetVersion first = new AssetVersion(
                AssetId.create(now), 1, draft.terms().space(), original, Status.PENDING, null, null, List.of());
        if (isShared) {
            catalog.addShared(first, caller.keyId(), draft.request().wholeMetadata(), account);
        } else {
            catalog.add(first, caller.keyId(), draft.request().wholeMetadata(), account);
        }
        return new VersionId(first.id(), 1);
    }

    private Entered repeat(Upload known, String hash, Space space, Caller caller) {
        if (!known.sender().requestHash().equals(hash)) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "This idempotency key was used for another upload: use a new key for a different request.");
        }
        Upload now = reopened(known, space, caller);
        return new Entered(ledger.standings(List.of(now.id())).getFirst(), false);
    }

    /// Gives an upload more time, and its asset another chance; one that has arrived or was aborted
    /// stays as it is.
    Upload reopened(Upload known, Space space, Caller caller) {
        if (known.state() == Upload.State.RECEIVED || known.state() == Upload.State.ABORTED) {
            return known;
        }
        Instant expires = expiry(known.transfer(), clock.instant());
        transaction.executeWithoutResult(status -> {
            // What expired counts for nothing; now it does again. Locked, so that it cannot expire after this look.
            if (ledger.lock(known.id())
                    .filter(now -> now.state() == Upload.State.EXPIRED)
                    .isPresent()) {
                allowances.requireQuota(known.promise().bytes(), space, caller);
            }
            if (ledger.reopen(known.id(), expires)) {
                catalog.awaitAgain(known.version().asset(), known.version().version());
            }
        });
        return ledger.find(known.id())
                .orElseThrow(() ->
                        new Failure(Failure.Kind.CONFLICT, "The upload was forgotten just now: ask for a new one."));
    }

    private Instant expiry(Upload.Transfer transfer, Instant now) {
        return now.plus(transfer instanceof Upload.Transfer.Parts ? settings.resumable() : settings.grantLifetime())
                .truncatedTo(ChronoUnit.SECONDS);
    }

    /// The asset that gets a new version.
    private Optional<CatalogEntry> target(UploadRequest request, Caller caller) {
        String assetId = request.assetId();
        if (assetId == null) {
            return Optional.empty();
        }
        if (request.account() != null) {
            throw new Failure(
                    Failure.Kind.INVALID, "A new version belongs to the account of its asset: leave out account.");
        }
        if (request.metadata() != null || request.sku() != null || request.part() != null || request.role() != null) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "A new version keeps the metadata of its asset: leave out metadata, sku, part and role.");
        }
        CatalogEntry entry = AssetId.parse(assetId)
                .flatMap(catalog::findCurrent)
                .filter(found -> caller.maySee(found.version().space(), found.owner()))
                .orElseThrow(() -> new Failure(
                        Failure.Kind.NOT_FOUND, "There is no asset \"%s\".".formatted(Shown.shortened(assetId))));
        if (!caller.mayChange(entry.version().space(), entry.owner())) {
            throw new Failure(Failure.Kind.FORBIDDEN, "This key may not change the asset \"%s\".".formatted(assetId));
        }
        return Optional.of(entry);
    }

    private static Space spaceOf(UploadRequest request, Optional<CatalogEntry> target, Caller caller) {
        Space space = target.map(entry -> entry.version().space()).orElseGet(() -> spaceOf(request));
        if (target.isPresent() && request.space() != null && spaceOf(request) != space) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The asset is in the space \"%s\"; its versions cannot be in another.".formatted(space));
        }
        if (!caller.mayUploadTo(space)) {
            throw new Failure(Failure.Kind.FORBIDDEN, "This key may not upload to the space \"%s\".".formatted(space));
        }
        return space;
    }

    private static Space spaceOf(UploadRequest request) {
        String wanted = request.space() == null ? Space.PRODUCT.text() : request.space();
        return Space.parse(wanted)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.INVALID,
                        "There is no space \"%s\"; allowed are %s."
                                .formatted(Shown.shortened(wanted), Terms.join(List.of(Space.values())))));
    }

    /// An upload in the ledger.
    ///
    /// @param isNew false when the idempotency key was known
    record Entered(Standing standing, boolean isNew) {
        Upload upload() {
            return standing.upload();
        }
    }

    /// What became of one request among several.
    sealed interface Answer {
        record Granted(Entered entered) implements Answer {}

        record Refused(Failure failure) implements Answer {}
    }
}
