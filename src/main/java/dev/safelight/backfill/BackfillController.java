package dev.safelight.backfill;

import dev.safelight.access.Allow;
import dev.safelight.access.Caller;
import dev.safelight.access.Role;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import dev.safelight.catalog.AssetCursor;
import dev.safelight.catalog.ReadyAssets;
import dev.safelight.catalog.VisibleAssets;
import dev.safelight.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Has many assets brought to the profile of now, and shows how far that is. A backfill is there for those
/// who may change all spaces that it covers.
@RestController
@RequestMapping("/v1/backfills")
class BackfillController {
    private static final int LARGEST_PAGE = 200;
    private static final int SHOWN_FAILURES = 100;

    private final Backfills backfills;
    private final BackfillRepository repository;
    private final BackfillItemRepository items;
    private final PaceOfLate pace;
    private final Forecaster forecaster;
    private final VisibleAssets visible;
    private final InstantSource clock;

    BackfillController(
            Backfills backfills,
            BackfillRepository repository,
            BackfillItemRepository items,
            PaceOfLate pace,
            Forecaster forecaster,
            VisibleAssets visible,
            InstantSource clock) {
        this.backfills = backfills;
        this.repository = repository;
        this.items = items;
        this.pace = pace;
        this.forecaster = forecaster;
        this.visible = visible;
        this.clock = clock;
    }

    /// One page of backfills.
    ///
    /// @param nextCursor absent on the last page
    record BackfillPage(
            List<BackfillView> backfills, @Nullable String nextCursor) {}

    /// Starts one and answers 201 with it, or answers 200 with a [Forecast] when it is a dry run.
    @PostMapping
    @Allow({Role.EDITOR, Role.MARKETING})
    ResponseEntity<Object> start(@RequestBody @Valid BackfillOrder order, Caller caller, HttpServletRequest request) {
        QueryParameters.allowOnly(request);
        ReadyAssets.Query query = query(order, caller);
        if (order.dryRun()) {
            return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(forecaster.of(query));
        }
        UUID id = backfills.start(query, order.throttle(), caller);
        return ResponseEntity.created(URI.create("/v1/backfills/" + id))
                .cacheControl(CacheControl.noStore())
                .body(view(repository.find(id).orElseThrow(Backfills::unknown), true));
    }

    /// Newest first.
    @GetMapping
    @Allow({Role.EDITOR, Role.MARKETING})
    ResponseEntity<BackfillPage> list(
            @RequestParam(defaultValue = "50") String limit,
            @RequestParam(required = false) @Nullable String cursor,
            Caller caller,
            HttpServletRequest request) {
        QueryParameters.allowOnly(request, "limit", "cursor");
        int size = QueryParameters.limit(limit, LARGEST_PAGE);
        UUID before = cursor == null ? null : AssetCursor.parse(cursor).value();
        List<Backfill> found = repository.list(editable(caller), before, size + 1);
        List<Backfill> page = found.subList(0, Math.min(size, found.size()));
        String next = found.size() > size
                ? AssetCursor.after(new AssetId(page.getLast().id()))
                : null;
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new BackfillPage(
                        page.stream().map(one -> view(one, false)).toList(), next));
    }

    /// How far one is, and what failed.
    @GetMapping("/{id}")
    @Allow({Role.EDITOR, Role.MARKETING})
    ResponseEntity<BackfillView> get(@PathVariable String id, Caller caller, HttpServletRequest request) {
        QueryParameters.allowOnly(request);
        return answer(find(id, caller));
    }

    /// Adds no more jobs until it is resumed. Those that wait or run already end.
    @PostMapping("/{id}/pause")
    @Allow({Role.EDITOR, Role.MARKETING})
    ResponseEntity<BackfillView> pause(@PathVariable String id, Caller caller, HttpServletRequest request) {
        return change(id, caller, request, backfills::pause);
    }

    /// Goes on where it was paused.
    @PostMapping("/{id}/resume")
    @Allow({Role.EDITOR, Role.MARKETING})
    ResponseEntity<BackfillView> resume(@PathVariable String id, Caller caller, HttpServletRequest request) {
        return change(id, caller, request, backfills::resume);
    }

    /// Has all listed failures tried again.
    @PostMapping("/{id}/retry")
    @Allow({Role.EDITOR, Role.MARKETING})
    ResponseEntity<BackfillView> retry(@PathVariable String id, Caller caller, HttpServletRequest request) {
        return change(id, caller, request, backfills::retry);
    }

    /// Cancels it: what waits is taken out of the queue, what runs ends.
    @DeleteMapping("/{id}")
    @Allow({Role.EDITOR, Role.MARKETING})
    ResponseEntity<BackfillView> cancel(@PathVariable String id, Caller caller, HttpServletRequest request) {
        return change(id, caller, request, backfills::cancel);
    }

    private ResponseEntity<BackfillView> change(
            String id, Caller caller, HttpServletRequest request, Consumer<UUID> change) {
        QueryParameters.allowOnly(request);
        change.accept(find(id, caller).id());
        return answer(find(id, caller));
    }

    private ResponseEntity<BackfillView> answer(Backfill backfill) {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(view(backfill, true));
    }

    private BackfillView view(Backfill backfill, boolean withFailures) {
        List<BackfillView.FailedAsset> failures = !withFailures
                ? null
                : items.failures(backfill.id(), SHOWN_FAILURES).stream()
                        .map(one -> new BackfillView.FailedAsset(
                                one.version().asset().toString(),
                                one.version().version(),
                                one.reason(),
                                one.failedAt()))
                        .toList();
        return BackfillView.of(backfill, pace.of(backfill), failures);
    }

    /// What is hidden from the caller fails in the same words as what does not exist.
    private Backfill find(String id, Caller caller) {
        AssetId parsed = AssetId.parse(id)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.INVALID,
                        "The id of a backfill is a UUID in lower case, as in 0199d3a4-5b6c-7d8e-9f00-112233445566."));
        return repository
                .find(parsed.value())
                .filter(backfill ->
                        editable(caller).containsAll(backfill.query().spaces()))
                .orElseThrow(Backfills::unknown);
    }

    private ReadyAssets.Query query(BackfillOrder order, Caller caller) {
        order.requireReady();
        Instant now = clock.instant();
        List<AssetId> assets = order.chosenAssets();
        if (assets != null) {
            return new ReadyAssets.Query(spacesOf(assets, caller), null, now, null, assets);
        }
        Set<Space> chosen = order.chosenSpaces();
        Set<Space> editable = editable(caller);
        if (chosen != null && !editable.containsAll(chosen)) {
            chosen.removeAll(editable);
            throw new Failure(
                    Failure.Kind.FORBIDDEN,
                    "The API key does not have a role that changes the space "
                            + chosen.iterator().next().text() + ".");
        }
        return new ReadyAssets.Query(
                chosen == null ? editable : chosen, order.after(), order.before(now), order.skuPrefix(), null);
    }

    /// Looks at all of them first, so that a wrong id leaves nothing half done.
    private Set<Space> spacesOf(List<AssetId> assets, Caller caller) {
        Set<Space> spaces = EnumSet.noneOf(Space.class);
        for (AssetId id : assets) {
            AssetVersion version = visible.findToChange(id.toString(), caller).version();
            if (version.status() != Status.READY) {
                throw new Failure(
                        Failure.Kind.CONFLICT,
                        "Only assets that are READY can be processed again; %s is %s.".formatted(id, version.status()));
            }
            spaces.add(version.space());
        }
        return spaces;
    }

    private static Set<Space> editable(Caller caller) {
        return EnumSet.allOf(Space.class).stream().filter(caller::mayEdit).collect(Collectors.toSet());
    }
}
