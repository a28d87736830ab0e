package dev.safelight.purge;

import dev.safelight.access.Allow;
import dev.safelight.access.Caller;
import dev.safelight.access.Role;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Space;
import dev.safelight.catalog.AssetCursor;
import dev.safelight.catalog.VisibleAssets;
import dev.safelight.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Has caches purged, and shows how far that is. Assets and articles may be purged by those who may change
/// them; all else reaches over everybody's, and is for administrators.
@RestController
@RequestMapping("/v1/purges")
class PurgeController {
    private static final int LARGEST_PAGE = 200;

    private final Purges purges;
    private final PurgeRepository repository;
    private final VisibleAssets visible;

    PurgeController(Purges purges, PurgeRepository repository, VisibleAssets visible) {
        this.purges = purges;
        this.repository = repository;
        this.visible = visible;
    }

    /// One page of purges.
    ///
    /// @param nextCursor absent on the last page
    record PurgePage(List<PurgeView> purges, @Nullable String nextCursor) {}

    /// Begins one. The answer comes when it is certain to be done; how far it is, tells its address.
    @PostMapping
    @Allow({Role.EDITOR, Role.MARKETING})
    ResponseEntity<PurgeView> start(@RequestBody @Valid PurgeOrder order, Caller caller, HttpServletRequest request) {
        QueryParameters.allowOnly(request);
        UUID id = purges.start(target(order, caller), caller.keyId());
        return ResponseEntity.accepted()
                .location(URI.create("/v1/purges/" + id))
                .cacheControl(CacheControl.noStore())
                .body(view(id));
    }

    private PurgeTarget target(PurgeOrder order, Caller caller) {
        List<String> subjects = order.subjects();
        return switch (order.what()) {
            case ASSET -> PurgeTarget.assets(changeable(subjects, caller));
            case SKU -> {
                if (!caller.mayEdit(Space.PRODUCT)) {
                    throw new Failure(
                            Failure.Kind.FORBIDDEN, "The API key does not have a role that changes the space product.");
                }
                yield purges.ofSkus(subjects);
            }
            case TAG -> PurgeTarget.tags(forAdministrators(subjects, caller));
            case PATH -> PurgeTarget.paths(forAdministrators(subjects, caller));
            case PREFIX -> PurgeTarget.prefixes(forAdministrators(subjects, caller));
            case EVERYTHING -> {
                forAdministrators(subjects, caller);
                yield PurgeTarget.everything();
            }
        };
    }

    private Set<AssetId> changeable(List<String> ids, Caller caller) {
        Set<AssetId> assets = new LinkedHashSet<>();
        ids.forEach(id -> assets.add(visible.findToChange(id, caller).version().id()));
        return assets;
    }

    private static List<String> forAdministrators(List<String> subjects, Caller caller) {
        if (!caller.has(Role.ADMIN)) {
            throw new Failure(
                    Failure.Kind.FORBIDDEN,
                    "Only keys with the role admin may purge by tag, path or prefix, or everything;"
                            + " this one may purge assets and articles.");
        }
        return subjects;
    }

    /// Newest first: all for administrators, one's own for others.
    @GetMapping
    @Allow({Role.EDITOR, Role.MARKETING})
    ResponseEntity<PurgePage> list(
            @RequestParam(defaultValue = "50") String limit,
            @RequestParam(required = false) @Nullable String cursor,
            Caller caller,
            HttpServletRequest request) {
        QueryParameters.allowOnly(request, "limit", "cursor");
        int size = QueryParameters.limit(limit, LARGEST_PAGE);
        UUID before = cursor == null ? null : AssetCursor.parse(cursor).value();
        UUID by = caller.has(Role.ADMIN) ? null : caller.keyId();
        List<Purge> found = repository.list(by, before, size + 1);
        List<Purge> page = found.subList(0, Math.min(size, found.size()));
        String next = found.size() > size
                ? AssetCursor.after(new AssetId(page.getLast().id()))
                : null;
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new PurgePage(page.stream().map(PurgeView::of).toList(), next));
    }

    /// Which nodes have confirmed it, and how it stands with each edge.
    @GetMapping("/{id}")
    @Allow({Role.EDITOR, Role.MARKETING})
    ResponseEntity<PurgeView> get(@PathVariable String id, Caller caller, HttpServletRequest request) {
        QueryParameters.allowOnly(request);
        return answer(find(id, caller));
    }

    /// Has the edges told once more that refused.
    @PostMapping("/{id}/retry")
    @Allow({Role.EDITOR, Role.MARKETING})
    ResponseEntity<PurgeView> retry(@PathVariable String id, Caller caller, HttpServletRequest request) {
        QueryParameters.allowOnly(request);
        purges.retry(find(id, caller).id());
        return answer(find(id, caller));
    }

    private static ResponseEntity<PurgeView> answer(Purge purge) {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(PurgeView.of(purge));
    }

    private PurgeView view(UUID id) {
        return PurgeView.of(repository.find(id).orElseThrow(PurgeController::unknown));
    }

    /// What is hidden from the caller fails in the same words as what does not exist.
    private Purge find(String id, Caller caller) {
        AssetId parsed = AssetId.parse(id)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.INVALID,
                        "The id of a purge is a UUID in lower case, as in 0199d3a4-5b6c-7d8e-9f00-112233445566."));
        return repository
                .find(parsed.value())
                .filter(purge -> caller.has(Role.ADMIN) || isBy(purge, caller))
                .orElseThrow(PurgeController::unknown);
    }

    private static boolean isBy(Purge purge, Caller caller) {
        Purge.Starter by = purge.by();
        return by != null && by.id().equals(caller.keyId());
    }

    private static Failure unknown() {
        return new Failure(Failure.Kind.NOT_FOUND, "There is no purge with this id.");
    }
}
