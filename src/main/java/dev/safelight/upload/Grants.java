package dev.safelight.upload;

import dev.safelight.asset.Failure;
import dev.safelight.asset.Reason;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.store.DirectUpload;
import dev.safelight.store.DirectUpload.PartGrant;
import dev.safelight.store.StoredPart;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;

/// Signs what lets a client send bytes straight to the bucket. What was signed is forgotten: it can be
/// signed again.
@Component
@OnRole({ServerRole.API, ServerRole.WORKER})
final class Grants {
    /// As many parts as most clients send at once; the rest is signed when it is asked for.
    private static final int FIRST_PARTS = 10;

    private final DirectUpload store;
    private final PartLedger parts;
    private final UploadRepository ledger;
    private final UploadSettings settings;
    private final InstantSource clock;

    Grants(
            DirectUpload store,
            PartLedger parts,
            UploadRepository ledger,
            UploadSettings settings,
            InstantSource clock) {
        this.store = store;
        this.parts = parts;
        this.ledger = ledger;
        this.settings = settings;
        this.clock = clock;
    }

    /// How the bytes of one upload may be sent.
    sealed interface Grant {
        record Form(DirectUpload.PostGrant post) implements Grant {}

        record Put(DirectUpload.PutGrant put) implements Grant {}

        record Parts(PartPlan plan, List<PartGrant> first) implements Grant {}
    }

    /// Signs for an open upload; there is nothing to be sent for any other.
    ///
    /// @throws IOException when the store, which is asked for uploads in parts only, cannot be reached
    Optional<Grant> sign(Upload upload) throws IOException {
        if (!upload.isOpen()) {
            return Optional.empty();
        }
        Upload.Promise promise = upload.promise();
        return Optional.of(
                switch (upload.transfer()) {
                    case Upload.Transfer.Form form -> {
                        long largest = Math.min(promise.bytes(), UploadSettings.LARGEST_REQUEST.toBytes());
                        long smallest = promise.sizeKnown() ? largest : 1;
                        yield new Grant.Form(
                                store.post(upload.key(), promise.contentType(), smallest, largest, upload.expiresAt()));
                    }
                    case Upload.Transfer.Put put ->
                        new Grant.Put(
                                store.put(upload.key(), promise.contentType(), promise.bytes(), upload.expiresAt()));
                    case Upload.Transfer.Parts parts ->
                        new Grant.Parts(
                                parts.plan(),
                                parts.plan().isEqual() ? signParts(upload, firstOf(parts.plan())) : List.of());
                });
    }

    private static List<Integer> firstOf(PartPlan plan) {
        return IntStream.rangeClosed(1, Math.min(FIRST_PARTS, plan.count()))
                .boxed()
                .toList();
    }

    /// Signs parts of an open upload, and gives the upload more time.
    ///
    /// @throws Failure INVALID for a number that the upload has no part of, CONFLICT when it is not open any more
    List<PartGrant> signParts(Upload upload, List<Integer> numbers) throws IOException {
        Upload.Transfer.Parts transfer = parts.partsOf(upload);
        PartPlan plan = transfer.plan();
        for (int number : numbers) {
            if (number < 1 || number > plan.count()) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "There is no part %d; the upload has parts 1 to %d.".formatted(number, plan.count()));
            }
        }
        Instant now = clock.instant();
        if (!ledger.extend(upload.id(), now.plus(settings.resumable()))) {
            throw closed(ledger.find(upload.id()).orElse(upload));
        }
        if (!plan.isEqual()) {
            requireRoom(upload, numbers);
        }
        String storeId = parts.storeId(upload, transfer);
        Instant expires = now.plus(settings.grantLifetime()).truncatedTo(ChronoUnit.SECONDS);
        return numbers.stream()
                .map(number -> part(upload, storeId, number, plan, expires))
                .toList();
    }

    private PartGrant part(Upload upload, String storeId, int number, PartPlan plan, Instant expires) {
        long most = Math.min(upload.promise().bytes(), UploadSettings.LARGEST_REQUEST.toBytes());
        OptionalLong exact = plan.sizeOf(number);
        return store.part(upload.key(), storeId, number, exact.orElse(1), exact.orElse(most), expires);
    }

    /// Parts that their client cuts are bound by what they have together, so what is there is looked at before
    /// more is signed. What has more than was agreed on already is ended.
    private void requireRoom(Upload upload, List<Integer> numbers) throws IOException {
        long allowed = upload.promise().bytes();
        List<StoredPart> stored = parts.stored(upload);
        long others = stored.stream()
                .filter(part -> !numbers.contains(part.number()))
                .mapToLong(StoredPart::bytes)
                .sum();
        if (others < allowed) {
            return;
        }
        if (others > allowed) {
            parts.abort(upload);
        }
        throw new Failure(
                Failure.Kind.TOO_LARGE,
                Reason.TOO_LARGE,
                "The other parts have %d bytes together; the upload was to have %s%d."
                        .formatted(others, upload.promise().sizeKnown() ? "" : "at most ", allowed));
    }

    private static Failure closed(Upload upload) {
        return switch (upload.state()) {
            case PENDING -> new Failure(Failure.Kind.BUSY, "The upload is being changed: ask again in a moment.");
            case RECEIVED -> new Failure(Failure.Kind.CONFLICT, "The bytes have arrived: there is nothing to be sent.");
            case EXPIRED ->
                new Failure(
                        Failure.Kind.CONFLICT,
                        Reason.UPLOAD_EXPIRED,
                        "The upload expired: ask for it again with its idempotency key, or begin a new one.");
            case ABORTED ->
                new Failure(Failure.Kind.CONFLICT, Reason.UPLOAD_ABORTED, "The upload was aborted: begin again.");
        };
    }
}
