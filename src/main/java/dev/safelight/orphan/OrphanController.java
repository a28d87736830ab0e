package dev.safelight.orphan;

import dev.safelight.access.Allow;
import dev.safelight.access.Role;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.store.ObjectStore;
import dev.safelight.web.Page;
import dev.safelight.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Shows the objects that nothing knows, and removes one by hand.
@RestController
@RequestMapping("/v1/orphans")
final class OrphanController {
    private static final int LARGEST_PAGE = 1000;

    private final OrphanRepository orphans;
    private final RemoveOrphans removal;

    OrphanController(OrphanRepository orphans, RemoveOrphans removal) {
        this.orphans = orphans;
        this.removal = removal;
    }

    /// Orphans as the last walks through the buckets found them, by bucket and key.
    ///
    /// @param before an instant such as `2026-01-31T00:00:00Z`: only what was first found before it
    @GetMapping
    @Allow(Role.ADMIN)
    ResponseEntity<OrphanPage> list(
            @RequestParam(required = false) @Nullable String bucket,
            @RequestParam(required = false) @Nullable String before,
            @RequestParam(defaultValue = "100") String limit,
            @RequestParam(required = false) @Nullable String cursor,
            HttpServletRequest request) {
        QueryParameters.allowOnly(request, "bucket", "before", "limit", "cursor");
        int size = Page.size(limit, LARGEST_PAGE);
        List<Orphan> found = orphans.page(
                bucket == null ? null : bucket(bucket),
                before == null ? null : instant(before),
                cursor == null ? null : OrphanCursor.parse(cursor),
                size + 1);
        Page<Orphan> page = Page.of(found, size, orphan -> OrphanCursor.after(orphan.key()));
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new OrphanPage(page.entries().stream().map(OrphanView::of).toList(), page.nextCursor()));
    }

    /// Removes an orphan for good, an original too. It must have been reported, and still be unknown.
    @DeleteMapping("/{bucket}/{*key}")
    @Allow(Role.ADMIN)
    ResponseEntity<Void> remove(@PathVariable String bucket, @PathVariable String key) throws IOException {
        Bucket of = bucket(bucket);
        String name = key.substring(1);
        Orphan orphan = (BlobKey.isValid(name) ? orphans.find(new BlobKey(of, name)) : Optional.<Orphan>empty())
                .orElseThrow(() -> new Failure(
                        Failure.Kind.NOT_FOUND, "No such object is reported as unknown: see GET /v1/orphans."));
        ObjectStore store = removal.storeFor(of)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.CONFLICT,
                        "This server has no identity that may delete in this bucket: set safelight.s3.keys.admin."));
        return switch (removal.remove(orphan, store)) {
            case REMOVED, GONE -> ResponseEntity.noContent().build();
            case KNOWN ->
                throw new Failure(Failure.Kind.CONFLICT, "The object is no orphan any more, and was not removed.");
            case CHANGED ->
                throw new Failure(
                        Failure.Kind.CONFLICT, "There is another object under this key now, which was not removed.");
        };
    }

    private static Bucket bucket(String text) {
        return Arrays.stream(Bucket.values())
                .filter(bucket -> bucket.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        Failure.Kind.INVALID,
                        "bucket must be one of %s."
                                .formatted(Arrays.stream(Bucket.values())
                                        .map(Bucket::text)
                                        .collect(Collectors.joining(", ")))));
    }

    private static Instant instant(String text) {
        // Four digits of a year: an instant knows moments that no database can keep.
        if (!text.matches("[0-9]{4}-.*")) {
            throw notAnInstant(null);
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException malformed) {
            throw notAnInstant(malformed);
        }
    }

    private static Failure notAnInstant(@Nullable DateTimeParseException malformed) {
        String message = "before must be an instant such as 2026-01-31T00:00:00Z, of the years 0000 to 9999.";
        return malformed == null
                ? new Failure(Failure.Kind.INVALID, message)
                : new Failure(Failure.Kind.INVALID, message, malformed);
    }

    /// One page of orphans.
    ///
    /// @param nextCursor absent on the last page
    record OrphanPage(List<OrphanView> orphans, @Nullable String nextCursor) {}

    /// @param foundAt when it was first reported
    /// @param seenAt when it was last there
    record OrphanView(String bucket, String key, long bytes, Instant modifiedAt, Instant foundAt, Instant seenAt) {
        static OrphanView of(Orphan orphan) {
            return new OrphanView(
                    orphan.key().bucket().text(),
                    orphan.key().key(),
                    orphan.bytes(),
                    orphan.modifiedAt(),
                    orphan.foundAt(),
                    orphan.seenAt());
        }
    }
}
