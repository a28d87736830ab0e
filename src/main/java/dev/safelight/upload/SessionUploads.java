package dev.safelight.upload;

import dev.safelight.access.Caller;
import dev.safelight.access.UploadSession;
import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Reason;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.store.DirectUpload.PartGrant;
import dev.safelight.store.DirectUpload.PostGrant;
import dev.safelight.store.StoredPart;
import jakarta.validation.Validator;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// The uploads of a session: begun by the names that a browser's uploader makes up, and no others' to be seen.
@Component
@OnRole({ServerRole.API, ServerRole.WORKER})
final class SessionUploads {
    private final Uploads uploads;
    private final Grants grants;
    private final PartLedger parts;
    private final Completion completion;
    private final UploadRepository ledger;
    private final UploadFinder finder;
    private final Validator validator;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    SessionUploads(
            Uploads uploads,
            Grants grants,
            PartLedger parts,
            Completion completion,
            UploadRepository ledger,
            UploadFinder finder,
            Validator validator,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.uploads = uploads;
        this.grants = grants;
        this.parts = parts;
        this.completion = completion;
        this.ledger = ledger;
        this.finder = finder;
        this.validator = validator;
        this.transaction = transaction;
        this.clock = clock;
    }

    /// What an uploader wants to send.
    ///
    /// @param contentType as the browser knows it
    /// @param size null where the uploader does not tell
    /// @param name what the session knows the upload by
    /// @param repeatable whether the name is that of this very file, so that another request with it is a
    ///     repetition;
    ///     two files can have the same name and size
    record Wanted(
            ClientKey key,
            @Nullable String contentType,
            @Nullable Long size,
            Map<String, String> metadata,
            String name,
            boolean repeatable) {}

    static UploadSession session(Caller caller) {
        UploadSession session = caller.session();
        if (session == null) {
            throw new Failure(Failure.Kind.FORBIDDEN, "This is for upload sessions.");
        }
        return session;
    }

    /// Begins an upload that is sent as one form, or goes on with the one that was begun by the same words.
    Form form(Wanted wanted, Caller caller) throws IOException {
        Upload upload = enter(wanted, "post", caller);
        if (grants.sign(upload).orElse(null) instanceof Grants.Grant.Form(PostGrant post)) {
            return new Form(upload, post);
        }
        throw new Failure(Failure.Kind.CONFLICT, "This file is there already: nothing is to be sent.");
    }

    record Form(Upload upload, PostGrant post) {}

    /// Begins an upload that its uploader cuts into parts.
    Upload inParts(Wanted wanted, Caller caller) {
        return enter(wanted, "multipart", caller);
    }

    private Upload enter(Wanted wanted, String method, Caller caller) {
        UploadSession session = session(caller);
        UploadRequest request = request(wanted, method, session);
        Order order = new Order(request, session.id(), wanted.name(), method.equals("multipart"));
        return transaction.execute(status -> {
            // The requests of one session wait for each other, so that none overlooks another.
            if (!ledger.lockSession(session.id(), clock.instant())) {
                throw new Failure(Failure.Kind.UNAUTHENTICATED, "The upload session has ended.");
            }
            Optional<Upload> known =
                    wanted.repeatable() ? ledger.findOpenOfSession(session.id(), wanted.name()) : Optional.empty();
            if (known.isPresent() && isSame(known.get(), request)) {
                return uploads.reopened(known.get(), session.space(), caller);
            }
            if (!ledger.countForSession(session.id())) {
                throw new Failure(
                        Failure.Kind.FORBIDDEN,
                        Reason.LIMIT_REACHED,
                        "This session has begun %d uploads, which is all it may.".formatted(session.maxUploads()));
            }
            return uploads.enter(order, caller).upload();
        });
    }

    private static boolean isSame(Upload known, UploadRequest request) {
        Upload.Promise promise = known.promise();
        boolean inParts = known.transfer() instanceof Upload.Transfer.Parts;
        return promise.contentType()
                        .equals(MediaType.parse(request.contentType())
                                .map(MediaType::text)
                                .orElse(""))
                && inParts == "multipart".equals(request.method())
                && (request.size() == null
                        ? !promise.sizeKnown()
                        : promise.sizeKnown() && promise.bytes() == request.size());
    }

    private UploadRequest request(Wanted wanted, String method, UploadSession session) {
        Map<String, String> metadata = new TreeMap<>(wanted.metadata());
        metadata.putAll(session.metadata());
        UploadRequest request = new UploadRequest(
                wanted.key().fileName(),
                wanted.key().typeOr(wanted.contentType()),
                wanted.size(),
                session.space().text(),
                null,
                metadata,
                null,
                null,
                null,
                null,
                null,
                method,
                null,
                null,
                null,
                session.account());
        String faults = validator.validate(request).stream()
                .map(fault -> fault.getPropertyPath() + " " + fault.getMessage())
                .sorted()
                .collect(Collectors.joining("; "));
        if (!faults.isEmpty()) {
            throw new Failure(Failure.Kind.INVALID, faults + ".");
        }
        return request;
    }

    /// @throws Failure NOT_FOUND for any that was not begun in this session
    Standing find(String id, Caller caller) {
        return finder.findOfSession(id, session(caller));
    }

    /// @param key by which the uploader knows the upload: its own, or the one that it was told
    Standing find(String id, @Nullable String key, Caller caller) {
        Standing standing = find(id, caller);
        if (key == null || key.isBlank()) {
            throw new Failure(Failure.Kind.INVALID, "key is needed: the one that the upload was begun with.");
        }
        Upload upload = standing.upload();
        if (!key.equals(upload.key().key()) && !key.equals(upload.sender().clientKey())) {
            throw UploadFinder.unknown(id);
        }
        return standing;
    }

    List<PartGrant> sign(Standing standing, List<Integer> numbers) throws IOException {
        return grants.signParts(standing.upload(), numbers);
    }

    List<StoredPart> stored(Standing standing) throws IOException {
        parts.partsOf(standing.upload());
        return parts.stored(standing.upload());
    }

    /// @param claimed each part with its entity tag; never all that the store happens to have
    void complete(Standing standing, List<StoredPart> claimed) throws IOException {
        parts.partsOf(standing.upload());
        completion.complete(standing.upload(), claimed);
    }

    void abort(Standing standing) throws IOException {
        completion.abort(standing.upload());
    }
}
