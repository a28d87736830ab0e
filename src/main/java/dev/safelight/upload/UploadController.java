package dev.safelight.upload;

import dev.safelight.access.Allow;
import dev.safelight.access.Caller;
import dev.safelight.access.Role;
import dev.safelight.asset.Failure;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.web.Problem;
import dev.safelight.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Valid;
import jakarta.validation.Validator;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Grants direct uploads, tells how they stand, and ends them.
@RestController
@OnRole({ServerRole.API, ServerRole.WORKER})
@RequestMapping("/v1/uploads")
final class UploadController {
    private static final Logger LOG = LoggerFactory.getLogger(UploadController.class);
    private static final int BATCH = 100;

    private final Uploads uploads;
    private final Grants grants;
    private final Completion completion;
    private final UploadFinder finder;
    private final Validator validator;

    UploadController(Uploads uploads, Grants grants, Completion completion, UploadFinder finder, Validator validator) {
        this.uploads = uploads;
        this.grants = grants;
        this.completion = completion;
        this.finder = finder;
        this.validator = validator;
    }

    /// Grants one upload: the answer says where and how to send the bytes.
    @PostMapping
    @Allow({Role.UPLOADER, Role.EDITOR, Role.MARKETING})
    ResponseEntity<UploadView> create(
            @Valid @RequestBody UploadRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
            Caller caller,
            HttpServletRequest http)
            throws IOException {
        QueryParameters.allowOnly(http);
        if (idempotencyKey != null && (idempotencyKey.isBlank() || idempotencyKey.length() > 128)) {
            throw new Failure(Failure.Kind.INVALID, "Idempotency-Key must have 1 to 128 characters.");
        }
        if (idempotencyKey != null
                && request.idempotencyKey() != null
                && !idempotencyKey.equals(request.idempotencyKey())) {
            throw new Failure(
                    Failure.Kind.INVALID, "Idempotency-Key and idempotencyKey say different things: give one.");
        }
        UploadRequest whole = request.idempotencyKey() == null ? request.withIdempotencyKey(idempotencyKey) : request;
        Uploads.Entered entered = uploads.enter(whole, caller);
        UUID id = entered.upload().id();
        return ResponseEntity.status(entered.isNew() ? HttpStatus.CREATED : HttpStatus.OK)
                .location(URI.create("/v1/uploads/" + id))
                .cacheControl(CacheControl.noStore())
                .body(granted(entered));
    }

    private UploadView granted(Uploads.Entered entered) throws IOException {
        // Signed first: for an upload in parts, this asks the store, which may fail and may be repeated.
        var grant = grants.sign(entered.upload());
        return UploadView.of(entered.standing(), grant.orElse(null));
    }

    /// Grants up to 100 uploads, each on its own: the answers have the order of the requests, and each is
    /// an upload or a problem. Idempotency keys stand in the requests.
    @PostMapping("/batch")
    @Allow({Role.UPLOADER, Role.EDITOR, Role.MARKETING})
    ResponseEntity<BatchView> createAll(
            @Valid @RequestBody BatchRequest request, Caller caller, HttpServletRequest http) {
        QueryParameters.allowOnly(http);
        List<BatchEntry> entries = new ArrayList<>();
        List<UploadRequest> sound = new ArrayList<>();
        for (UploadRequest upload : request.uploads()) {
            String faults = faults(upload);
            entries.add(faults.isEmpty() ? BatchEntry.NONE : BatchEntry.of(new Failure(Failure.Kind.INVALID, faults)));
            if (faults.isEmpty()) {
                sound.add(upload);
            }
        }
        List<Uploads.Answer> answers = uploads.enterAll(sound, caller);
        int next = 0;
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).problem() == null) {
                entries.set(i, entry(answers.get(next++)));
            }
        }
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(new BatchView(entries));
    }

    private BatchEntry entry(Uploads.Answer answer) {
        return switch (answer) {
            case Uploads.Answer.Granted(Uploads.Entered entered) -> signed(entered);
            case Uploads.Answer.Refused(Failure failure) -> BatchEntry.of(failure);
        };
    }

    /// What cannot be signed is a problem of this entry alone: the others are in the ledger and have their grants.
    private BatchEntry signed(Uploads.Entered entered) {
        try {
            return new BatchEntry(granted(entered), null);
        } catch (Failure refused) {
            return BatchEntry.of(refused);
        } catch (IOException failed) {
            LOG.warn(
                    "The upload {} of a batch could not be signed",
                    entered.upload().id(),
                    failed);
            return new BatchEntry(null, Problem.ofStoreOutage());
        }
    }

    private String faults(@Nullable UploadRequest request) {
        if (request == null) {
            return "An upload must not be null.";
        }
        return validator.validate(request).stream()
                .sorted(Comparator.comparing(
                        violation -> violation.getPropertyPath().toString()))
                .map(UploadController::sentence)
                .collect(Collectors.joining("; "));
    }

    private static String sentence(ConstraintViolation<UploadRequest> violation) {
        return violation.getPropertyPath() + " " + violation.getMessage();
    }

    @GetMapping("/{id}")
    @Allow({Role.UPLOADER, Role.EDITOR, Role.MARKETING, Role.MODERATOR, Role.VIEWER})
    ResponseEntity<UploadView> get(@PathVariable String id, Caller caller, HttpServletRequest http) {
        QueryParameters.allowOnly(http);
        return answer(finder.find(id, caller));
    }

    /// How up to 100 uploads stand; those that do not exist or that the caller cannot see are left out.
    ///
    /// @param ids with commas between them
    @GetMapping
    @Allow({Role.UPLOADER, Role.EDITOR, Role.MARKETING, Role.MODERATOR, Role.VIEWER})
    ResponseEntity<UploadList> getAll(@RequestParam String ids, Caller caller, HttpServletRequest http) {
        QueryParameters.allowOnly(http, "ids");
        List<String> wanted = Arrays.asList(ids.split(",", -1));
        if (wanted.size() > BATCH) {
            throw new Failure(Failure.Kind.INVALID, "ids may name at most %d uploads.".formatted(BATCH));
        }
        wanted.stream().filter(id -> !UploadFinder.isId(id)).findFirst().ifPresent(id -> {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "ids must be ids of uploads with commas between them; \"%s\" is none."
                            .formatted(Shown.shortened(id)));
        });
        List<UploadView> found =
                finder.findAll(wanted, caller).stream().map(UploadView::of).toList();
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(new UploadList(found));
    }

    /// Has the bytes looked for at once, and parts joined before; for clients that do not want to wait for
    /// an event of the store. May be repeated.
    @PostMapping("/{id}/complete")
    @Allow({Role.UPLOADER, Role.EDITOR, Role.MARKETING})
    ResponseEntity<UploadView> complete(@PathVariable String id, Caller caller, HttpServletRequest http)
            throws IOException {
        QueryParameters.allowOnly(http);
        Upload upload = finder.findToChange(id, caller);
        completion.complete(upload, List.of());
        return ResponseEntity.accepted()
                .cacheControl(CacheControl.noStore())
                .body(UploadView.of(finder.standing(upload.id())));
    }

    /// Gives an upload up whose bytes are not there yet. May be repeated.
    @DeleteMapping("/{id}")
    @Allow({Role.UPLOADER, Role.EDITOR, Role.MARKETING})
    ResponseEntity<Void> abort(@PathVariable String id, Caller caller, HttpServletRequest http) throws IOException {
        QueryParameters.allowOnly(http);
        completion.abort(finder.findToChange(id, caller));
        return ResponseEntity.noContent().build();
    }

    private static ResponseEntity<UploadView> answer(Standing standing) {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(UploadView.of(standing));
    }

    record BatchRequest(
            @NotNull(message = "is needed") @Size(min = 1, max = BATCH, message = "must hold 1 to 100 uploads")
            List<@Nullable UploadRequest> uploads) {}

    record BatchView(List<BatchEntry> uploads) {}

    /// An upload or a problem.
    record BatchEntry(@Nullable UploadView upload, @Nullable Problem problem) {
        private static final BatchEntry NONE = new BatchEntry(null, null);

        static BatchEntry of(Failure failure) {
            return new BatchEntry(null, Problem.of(failure));
        }
    }

    record UploadList(List<UploadView> uploads) {}
}
