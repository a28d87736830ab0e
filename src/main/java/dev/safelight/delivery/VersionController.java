package dev.safelight.delivery;

import dev.safelight.access.Allow;
import dev.safelight.access.Caller;
import dev.safelight.access.Role;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Rejection;
import dev.safelight.asset.VersionId;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.catalog.VisibleAssets;
import dev.safelight.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Lists the versions of an asset, and takes the choice of the one that is delivered.
@RestController
@RequestMapping("/v1/assets/{id}")
class VersionController {
    private static final int LARGEST_PAGE = 200;

    private final Catalog catalog;
    private final VariantUrls urls;
    private final VisibleAssets visible;

    VersionController(Catalog catalog, VariantUrls urls, VisibleAssets visible) {
        this.catalog = catalog;
        this.urls = urls;
        this.visible = visible;
    }

    /// One page of versions.
    ///
    /// @param nextCursor absent on the last page
    record VersionPage(List<VersionView> versions, @Nullable String nextCursor) {}

    /// One version of an asset.
    ///
    /// @param current whether the addresses of the asset lead to it; nothing of it is delivered unless it is
    ///     READY and approved
    /// @param reason why it was rejected or failed, for programs
    /// @param detail the same for people
    /// @param mediaType by content once that was looked at, before as declared
    /// @param sha256 of the bytes once it is READY, before as promised
    /// @param createdAt when its upload was granted
    /// @param endedAt when it became READY, REJECTED or FAILED
    record VersionView(
            int version,
            boolean current,
            String status,
            @Nullable String reason,
            @Nullable String detail,
            String moderation,
            @Nullable String moderationReason,
            String fileName,
            String mediaType,
            long bytes,
            @Nullable String sha256,
            Instant createdAt,
            @Nullable Instant endedAt) {

        static VersionView of(CatalogEntry entry) {
            AssetVersion version = entry.version();
            Rejection rejection = version.rejection();
            return new VersionView(
                    version.version(),
                    entry.isCurrent(),
                    version.status().name(),
                    rejection == null ? null : rejection.reason().text(),
                    rejection == null ? null : rejection.detail(),
                    entry.moderation().text(),
                    entry.moderationReason(),
                    version.original().fileName(),
                    AssetView.mediaType(version).text(),
                    version.original().bytes(),
                    version.original().sha256(),
                    entry.createdAt(),
                    entry.endedAt());
        }
    }

    /// @param version the number of a version that is READY and approved
    record Choice(
            @NotNull(message = "is needed") @Min(value = 1, message = "must be at least 1")
            Integer version) {}

    /// The versions of an asset, newest first.
    @GetMapping("/versions")
    @Allow({Role.VIEWER, Role.EDITOR, Role.UPLOADER, Role.MARKETING, Role.MODERATOR})
    ResponseEntity<VersionPage> versions(
            @PathVariable String id,
            @RequestParam(defaultValue = "50") String limit,
            @RequestParam(required = false) @Nullable String cursor,
            Caller caller,
            HttpServletRequest request) {
        QueryParameters.allowOnly(request, "limit", "cursor");
        int size = QueryParameters.limit(limit, LARGEST_PAGE);
        Integer before = cursor == null ? null : number(cursor);
        if (before != null && before < 1) {
            throw new Failure(
                    Failure.Kind.INVALID, "The cursor must be the nextCursor of the page before, as it was given.");
        }
        AssetId asset = visible.find(id, caller).version().id();
        List<VersionView> found = catalog.versions(asset, before, size + 1).stream()
                .map(VersionView::of)
                .toList();
        List<VersionView> page = found.subList(0, Math.min(size, found.size()));
        return answer(new VersionPage(
                page, found.size() > size ? String.valueOf(page.getLast().version()) : null));
    }

    /// Has another version delivered from now on, until the next upload to the asset: an older one, or one
    /// that was passed over.
    @PutMapping("/current")
    @Allow({Role.EDITOR, Role.UPLOADER, Role.MARKETING})
    ResponseEntity<AssetView> choose(
            @PathVariable String id, @RequestBody @Valid Choice choice, Caller caller, HttpServletRequest request) {
        QueryParameters.allowOnly(request);
        AssetId asset = visible.findToChange(id, caller).version().id();
        catalog.makeCurrent(new VersionId(asset, choice.version()));
        return answer(AssetView.of(visible.find(id, caller), urls));
    }

    /// 0 for what is none.
    private static int number(String text) {
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    }

    private static <T> ResponseEntity<T> answer(T body) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore().cachePrivate())
                .body(body);
    }
}
