package dev.safelight.upload;

import dev.safelight.asset.Failure;
import dev.safelight.asset.Reason;
import dev.safelight.asset.Rejection;
import dev.safelight.asset.Status;
import dev.safelight.catalog.Catalog;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.store.MultipartUploads;
import dev.safelight.store.ObjectLookup;
import dev.safelight.store.StoredPart;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Keeps the parts of uploads: which there are to be, which the store has, and when they are whole.
///
/// Parts go to the store directly and are never told to the server, so the store's own list is asked
/// whenever it matters. Everything else is the server's: clients get to see its upload ids only, and cannot
/// join what they sent.
@Component
@OnRole({ServerRole.API, ServerRole.WORKER})
final class PartLedger {
    private static final Logger LOG = LoggerFactory.getLogger(PartLedger.class);
    private static final int SHOWN_FAULTS = 10;
    private static final int LOCKS = 256;
    private static final Duration JOINED_BY_ANOTHER = Duration.ofSeconds(20);

    private final MultipartUploads multipart;
    private final ObjectLookup objects;
    private final UploadRepository ledger;
    private final Catalog catalog;
    private final TransactionTemplate transaction;
    private final UploadSettings settings;
    private final InstantSource clock;

    /// Whoever joins parts holds the lock of the upload: the store shows neither them nor the object meanwhile.
    private final Lock[] joining =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toArray(Lock[]::new);

    PartLedger(
            @Qualifier("uploader") MultipartUploads multipart,
            @Qualifier("originals") ObjectLookup objects,
            UploadRepository ledger,
            Catalog catalog,
            TransactionTemplate transaction,
            UploadSettings settings,
            InstantSource clock) {
        this.multipart = multipart;
        this.objects = objects;
        this.ledger = ledger;
        this.catalog = catalog;
        this.transaction = transaction;
        this.settings = settings;
        this.clock = clock;
    }

    Upload.Transfer.Parts partsOf(Upload upload) {
        if (upload.transfer() instanceof Upload.Transfer.Parts parts) {
            return parts;
        }
        throw new Failure(Failure.Kind.CONFLICT, "The upload is sent in one piece and has no parts.");
    }

    /// The store's name of an upload, which the store is asked for once. A process that dies between asking
    /// and noting leaves one that nobody knows; the sweep of abandoned uploads ends it.
    String storeId(Upload upload, Upload.Transfer.Parts transfer) throws IOException {
        String known = transfer.storeId();
        if (known != null) {
            return known;
        }
        String created = multipart.create(upload.key(), upload.promise().contentType());
        if (ledger.setStoreId(upload.id(), created)) {
            return created;
        }
        multipart.abort(upload.key(), created);
        return ledger.find(upload.id())
                .filter(Upload::isOpen)
                .map(now -> partsOf(now).storeId())
                .orElseThrow(() ->
                        new Failure(Failure.Kind.CONFLICT, Reason.UPLOAD_EXPIRED, "The upload is not open any more."));
    }

    /// The parts that the store has now; those that were joined, once they are.
    List<StoredPart> stored(Upload upload) throws IOException {
        Upload.Transfer.Parts transfer = partsOf(upload);
        if (upload.state() == Upload.State.RECEIVED) {
            return ledger.parts(upload.id());
        }
        String storeId = transfer.storeId();
        if (storeId == null || !upload.isOpen()) {
            return List.of();
        }
        Optional<List<StoredPart>> parts = multipart.parts(upload.key(), storeId);
        if (parts.isEmpty()) {
            forgetLost(upload, storeId);
            return List.of();
        }
        ledger.replaceParts(upload.id(), parts.get());
        return parts.get();
    }

    /// Has the store join the parts, if they are what was agreed on. May be asked again after whatever
    /// happened: what is joined already stays so.
    ///
    /// @param claimed the parts as the client knows them, if it says so; they must be those of the store
    /// @throws Failure CONFLICT with the faults of the parts
    void join(Upload upload, List<StoredPart> claimed) throws IOException {
        Lock lock = locked(upload);
        try {
            if (objects.head(upload.key()).isEmpty()) {
                joinAlone(ledger.find(upload.id()).orElse(upload), claimed);
            }
        } finally {
            lock.unlock();
        }
    }

    private Lock locked(Upload upload) throws IOException {
        Lock lock = lockOf(upload);
        try {
            if (!lock.tryLock(JOINED_BY_ANOTHER.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Failure(Failure.Kind.BUSY, "The parts are being joined: ask again in a moment.");
            }
            return lock;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a join of " + upload.key());
        }
    }

    private void joinAlone(Upload upload, List<StoredPart> claimed) throws IOException {
        Upload.Transfer.Parts transfer = partsOf(upload);
        if (upload.state() == Upload.State.RECEIVED) {
            return;
        }
        // Joining takes its time, in which the upload must not expire: its parts would be deleted meanwhile.
        if (!ledger.extend(upload.id(), clock.instant().plus(settings.grantLifetime()))) {
            requireOpen(ledger.find(upload.id()).orElse(upload));
        }
        List<StoredPart> parts = stored(upload);
        List<String> faults = transfer.plan().faults(parts, upload.promise().sizeKnown());
        if (faults.isEmpty()) {
            faults = differences(parts, claimed);
        }
        if (!faults.isEmpty()) {
            requireLost(upload, sentence(faults));
            return;
        }
        String storeId = Objects.requireNonNull(transfer.storeId());
        if (!multipart.complete(upload.key(), storeId, parts)) {
            forgetLost(upload, storeId);
            requireLost(upload, "The store has lost the parts: send them again.");
        }
    }

    /// Says why parts could not be joined, unless another process was faster to join them.
    private void requireLost(Upload upload, String complaint) throws IOException {
        if (objects.head(upload.key()).isPresent()) {
            return;
        }
        ledger.find(upload.id()).ifPresent(PartLedger::requireOpen);
        throw new Failure(Failure.Kind.CONFLICT, Reason.PARTS_MISSING, complaint);
    }

    /// Forgets the store's name of an upload that the store has forgotten, so that its client may begin again.
    private void forgetLost(Upload upload, String storeId) throws IOException {
        Lock lock = lockOf(upload);
        if (!lock.tryLock()) {
            return;
        }
        try {
            // Joined, or ended by the store's own rules.
            if (objects.head(upload.key()).isEmpty()) {
                ledger.clearStoreId(upload.id(), storeId);
            }
        } finally {
            lock.unlock();
        }
    }

    private Lock lockOf(Upload upload) {
        return joining[Math.floorMod(upload.id().hashCode(), LOCKS)];
    }

    private static void requireOpen(Upload upload) {
        switch (upload.state()) {
            case PENDING, RECEIVED -> {}
            case EXPIRED ->
                throw new Failure(
                        Failure.Kind.CONFLICT,
                        Reason.UPLOAD_EXPIRED,
                        "The upload expired before it was whole, and its parts are gone: begin again.");
            case ABORTED ->
                throw new Failure(Failure.Kind.CONFLICT, Reason.UPLOAD_ABORTED, "The upload was aborted: begin again.");
        }
    }

    private static List<String> differences(List<StoredPart> parts, List<StoredPart> claimed) {
        if (claimed.isEmpty()) {
            return List.of();
        }
        Map<Integer, String> there = etags(parts);
        Map<Integer, String> wanted = etags(claimed);
        Set<Integer> numbers = new TreeSet<>(there.keySet());
        numbers.addAll(wanted.keySet());
        return numbers.stream()
                .filter(number -> !Objects.equals(there.get(number), wanted.get(number)))
                .map(number -> wanted.containsKey(number)
                        ? "part %d is not the one that was claimed".formatted(number)
                        : "part %d is there, but was not claimed".formatted(number))
                .toList();
    }

    private static Map<Integer, String> etags(List<StoredPart> parts) {
        return parts.stream().collect(Collectors.toMap(StoredPart::number, StoredPart::etag));
    }

    private static String sentence(List<String> faults) {
        String shown = String.join(", ", faults.subList(0, Math.min(faults.size(), SHOWN_FAULTS)));
        int more = faults.size() - SHOWN_FAULTS;
        return "The upload is not whole: %s%s.".formatted(shown, more > 0 ? ", and %d more".formatted(more) : "");
    }

    /// Gives an upload up. Its parts are deleted; bytes that arrive all the same are not taken.
    ///
    /// @throws Failure CONFLICT when the bytes are there
    void abort(Upload upload) throws IOException {
        Lock lock = locked(upload);
        try {
            abortAlone(upload);
        } finally {
            lock.unlock();
        }
    }

    private void abortAlone(Upload upload) throws IOException {
        if (upload.isOpen() && objects.head(upload.key()).isPresent()) {
            throw arrived();
        }
        Upload given = transaction.execute(status -> {
            Upload locked = ledger.lock(upload.id()).orElseThrow();
            if (locked.state() == Upload.State.RECEIVED) {
                throw arrived();
            }
            if (locked.state() != Upload.State.ABORTED) {
                ledger.markAborted(locked.id(), clock.instant());
                catalog.end(
                        locked.version().asset(),
                        locked.version().version(),
                        Status.FAILED,
                        new Rejection(Reason.UPLOAD_ABORTED, "The upload was given up before its bytes arrived."));
            }
            return locked;
        });
        discardParts(given);
    }

    private static Failure arrived() {
        return new Failure(Failure.Kind.CONFLICT, "The bytes have arrived: the upload cannot be aborted.");
    }

    /// Deletes the parts of an upload that has ended. What fails here is made up for by the sweep.
    void discardParts(Upload upload) throws IOException {
        if (upload.transfer() instanceof Upload.Transfer.Parts(PartPlan plan, String storeId) && storeId != null) {
            multipart.abort(upload.key(), storeId);
            LOG.debug("The upload {} has no parts any more", upload.id());
        }
    }
}
