package dev.safelight.upload;

import dev.safelight.access.Allow;
import dev.safelight.access.Caller;
import dev.safelight.access.Role;
import dev.safelight.asset.Failure;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.job.JobQueue;
import dev.safelight.store.DirectUpload.PostGrant;
import jakarta.validation.Valid;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Grants direct uploads and tells how they stand.
@RestController
@RequestMapping("/v1/uploads")
final class UploadController {
    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Uploads uploads;
    private final UploadRepository ledger;
    private final Catalog catalog;
    private final JobQueue jobs;

    UploadController(Uploads uploads, UploadRepository ledger, Catalog catalog, JobQueue jobs) {
        this.uploads = uploads;
        this.ledger = ledger;
        this.catalog = catalog;
        this.jobs = jobs;
    }

    /// Grants one upload: the answer says where and how to send the bytes.
    @PostMapping
    @Allow({Role.UPLOADER, Role.EDITOR, Role.MARKETING})
    ResponseEntity<UploadView> create(
            @Valid @RequestBody UploadRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
            Caller caller) {
        if (idempotencyKey != null && (idempotencyKey.isBlank() || idempotencyKey.length() > 128)) {
            throw new Failure(Failure.Kind.INVALID, "Idempotency-Key must have 1 to 128 characters.");
        }
        UploadRequest whole = request.idempotencyKey() == null ? request.withIdempotencyKey(idempotencyKey) : request;
        Uploads.Granted granted = uploads.grant(whole, caller);
        return ResponseEntity.status(granted.isNew() ? HttpStatus.CREATED : HttpStatus.OK)
                .location(URI.create("/v1/uploads/" + granted.upload().id()))
                .cacheControl(CacheControl.noStore())
                .body(view(granted.upload(), granted.grant().orElse(null)));
    }

    @GetMapping("/{id}")
    @Allow({Role.UPLOADER, Role.EDITOR, Role.MARKETING, Role.MODERATOR, Role.VIEWER})
    ResponseEntity<UploadView> get(@PathVariable String id, Caller caller) {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(view(find(id, caller), null));
    }

    /// Has the store asked at once whether the bytes are there; for clients that do not want to wait for its event.
    @PostMapping("/{id}/complete")
    @Allow({Role.UPLOADER, Role.EDITOR, Role.MARKETING})
    ResponseEntity<UploadView> complete(@PathVariable String id, Caller caller) {
        Upload upload = find(id, caller);
        jobs.enqueue(CompleteUpload.KIND, upload.id() + "/asked");
        return ResponseEntity.accepted().cacheControl(CacheControl.noStore()).body(view(upload, null));
    }

    private Upload find(String id, Caller caller) {
        if (!UUID_FORM.matcher(id).matches()) {
            throw unknown(id);
        }
        Upload upload = ledger.find(UUID.fromString(id)).orElseThrow(() -> unknown(id));
        CatalogEntry entry = entry(upload);
        if (!caller.maySee(entry.version().space(), upload.owner())) {
            throw unknown(id);
        }
        return upload;
    }

    private CatalogEntry entry(Upload upload) {
        return catalog.find(upload.version().asset(), upload.version().version())
                .orElseThrow(() -> unknown(upload.id().toString()));
    }

    private UploadView view(Upload upload, @Nullable PostGrant grant) {
        CatalogEntry entry = entry(upload);
        var rejection = entry.version().rejection();
        return new UploadView(
                upload.id(),
                entry.version().id().value(),
                entry.version().status().name(),
                rejection == null ? null : rejection.reason().text(),
                rejection == null ? null : rejection.detail(),
                upload.expiresAt(),
                grant == null ? null : new GrantView("POST", grant.url(), grant.fields(), grant.expires()));
    }

    private static Failure unknown(String id) {
        String shown = id.length() > 64 ? id.substring(0, 64) + "…" : id;
        return new Failure(Failure.Kind.NOT_FOUND, "There is no upload \"%s\".".formatted(shown));
    }

    /// An upload as clients see it.
    ///
    /// @param status of the asset that it becomes
    record UploadView(
            UUID uploadId,
            UUID assetId,
            String status,
            @Nullable String reason,
            @Nullable String detail,
            Instant expiresAt,
            @Nullable GrantView grant) {}

    /// How to send the bytes: a multipart form with these fields in this order, then the file as field `file`.
    record GrantView(String method, URI url, Map<String, String> fields, Instant expiresAt) {
        @Override
        public String toString() {
            return "GrantView[" + url + ", until " + expiresAt + "]";
        }
    }
}
