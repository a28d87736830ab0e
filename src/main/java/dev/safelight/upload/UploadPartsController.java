package dev.safelight.upload;

import dev.safelight.access.Allow;
import dev.safelight.access.Caller;
import dev.safelight.access.Role;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.store.DirectUpload.PartGrant;
import dev.safelight.store.StoredPart;
import dev.safelight.upload.UploadView.PartView;
import dev.safelight.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Signs the parts of uploads and tells which have arrived.
@RestController
@OnRole({ServerRole.API, ServerRole.WORKER})
@RequestMapping("/v1/uploads/{id}/parts")
final class UploadPartsController {
    private final UploadFinder finder;
    private final Grants grants;
    private final PartLedger parts;

    UploadPartsController(UploadFinder finder, Grants grants, PartLedger parts) {
        this.finder = finder;
        this.grants = grants;
        this.parts = parts;
    }

    /// Signs up to 100 parts, anew each time it is asked, and keeps the upload open for longer.
    @PostMapping
    @Allow({Role.UPLOADER, Role.EDITOR, Role.MARKETING})
    ResponseEntity<SignedParts> sign(
            @PathVariable String id, @Valid @RequestBody Wanted wanted, Caller caller, HttpServletRequest http)
            throws IOException {
        QueryParameters.allowOnly(http);
        Upload upload = finder.findToChange(id, caller);
        PartPlan plan = parts.partsOf(upload).plan();
        List<PartGrant> signed = grants.signParts(upload, wanted.partNumbers());
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new SignedParts(
                        signed.stream().map(part -> PartView.of(part, plan)).toList(),
                        signed.getFirst().expires()));
    }

    /// The parts that the store has at this moment.
    @GetMapping
    @Allow({Role.UPLOADER, Role.EDITOR, Role.MARKETING})
    ResponseEntity<StoredParts> list(@PathVariable String id, Caller caller, HttpServletRequest http)
            throws IOException {
        QueryParameters.allowOnly(http);
        Upload upload = finder.findToChange(id, caller);
        PartPlan plan = parts.partsOf(upload).plan();
        List<StoredPartView> stored =
                parts.stored(upload).stream().map(StoredPartView::of).toList();
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new StoredParts(plan.partBytes(), plan.count(), stored));
    }

    /// @param partNumbers from 1
    record Wanted(
            @NotNull(message = "is needed") @Size(min = 1, max = 100, message = "must hold 1 to 100 numbers")
            List<@NotNull(message = "must be numbers") Integer> partNumbers) {}

    record SignedParts(List<PartView> parts, Instant expiresAt) {}

    /// @param partBytes the size of every part but the last; 0 when the client chooses
    record StoredParts(long partBytes, int partCount, List<StoredPartView> parts) {}

    record StoredPartView(int partNumber, long bytes, String etag) {
        static StoredPartView of(StoredPart part) {
            return new StoredPartView(part.number(), part.bytes(), part.etag());
        }
    }
}
