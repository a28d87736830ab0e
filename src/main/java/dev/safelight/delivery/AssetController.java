package dev.safelight.delivery;

import dev.safelight.access.Allow;
import dev.safelight.access.Caller;
import dev.safelight.access.Role;
import dev.safelight.asset.Account;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Moderation;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import dev.safelight.catalog.AssetCursor;
import dev.safelight.catalog.AssetFilter;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.catalog.Settlement;
import dev.safelight.catalog.VisibleAssets;
import dev.safelight.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

/// Shows assets to those who may see them, and takes decisions of moderators.
@RestController
@RequestMapping("/v1/assets")
class AssetController {
    private static final int LARGEST_PAGE = 200;
    /// Owns nothing: what it may see, anybody with the caller's roles may.
    private static final UUID NOBODY = new UUID(0, 0);

    private final Catalog catalog;
    private final VariantUrls urls;
    private final VisibleAssets visible;
    private final Settlement settlement;

    AssetController(Catalog catalog, VariantUrls urls, VisibleAssets visible, Settlement settlement) {
        this.catalog = catalog;
        this.urls = urls;
        this.visible = visible;
        this.settlement = settlement;
    }

    /// One page of assets.
    ///
    /// @param nextCursor absent on the last page
    record AssetPage(List<AssetView> assets, @Nullable String nextCursor) {}

    /// A decision of a moderator.
    ///
    /// @param status pending, approved or rejected
    /// @param reason in their own words
    /// @param version the one that is meant; the one that `GET /v1/assets/{id}` shows when it is not given.
    ///     It must be given where that is not clear: when another one waits for approval, too
    record Decision(
            @NotNull String status,
            @Nullable @Size(max = 500) String reason,

            @Nullable @Min(value = 1, message = "must be at least 1")
            Integer version) {}

    @GetMapping("/{id}")
    @Allow({Role.VIEWER, Role.EDITOR, Role.UPLOADER, Role.MARKETING, Role.MODERATOR})
    ResponseEntity<AssetView> get(@PathVariable String id, Caller caller, HttpServletRequest request) {
        QueryParameters.allowOnly(request);
        return answer(AssetView.of(visible.find(id, caller), urls));
    }

    /// A page of assets, newest first.
    ///
    /// @param account only those of an end user, by the application's id of them
    /// @param deleted `true` for deleted ones instead of the others
    @GetMapping
    @Allow({Role.VIEWER, Role.EDITOR, Role.UPLOADER, Role.MARKETING, Role.MODERATOR})
    ResponseEntity<AssetPage> list(
            @RequestParam(required = false) @Nullable String space,
            @RequestParam(required = false) @Nullable String status,
            @RequestParam(required = false) @Nullable String account,
            @RequestParam(required = false) @Nullable String deleted,
            @RequestParam(defaultValue = "50") String limit,
            @RequestParam(required = false) @Nullable String cursor,
            Caller caller,
            HttpServletRequest request) {
        QueryParameters.allowOnly(request, "space", "status", "account", "deleted", "limit", "cursor");
        int size = QueryParameters.limit(limit, LARGEST_PAGE);
        List<CatalogEntry> found = catalog.list(
                filter(space == null ? null : space(space), caller)
                        .narrowed(status == null ? null : status(status), account(account), truth(deleted)),
                cursor == null ? null : AssetCursor.parse(cursor),
                size + 1);
        List<CatalogEntry> page = found.subList(0, Math.min(size, found.size()));
        String next =
                found.size() > size ? AssetCursor.after(page.getLast().version().id()) : null;
        return answer(new AssetPage(
                page.stream().map(entry -> AssetView.of(entry, urls)).toList(), next));
    }

    @PostMapping("/{id}/moderation")
    @Allow(Role.MODERATOR)
    ResponseEntity<AssetView> moderate(@PathVariable String id, @RequestBody @Valid Decision decision, Caller caller) {
        Moderation moderation = Moderation.parse(decision.status())
                .orElseThrow(() -> new Failure(
                        Failure.Kind.INVALID,
                        "The status must be one of "
                                + Stream.of(Moderation.values())
                                        .map(Moderation::text)
                                        .collect(Collectors.joining(", ")) + "."));
        CatalogEntry shown = visible.find(id, caller);
        AssetId asset = shown.version().id();
        Integer wanted = decision.version();
        int version = wanted == null ? meant(shown, moderation) : wanted;
        if (!catalog.moderate(asset, version, moderation, decision.reason())) {
            throw new Failure(Failure.Kind.NOT_FOUND, "The asset has no version %d.".formatted(version));
        }
        if (moderation != Moderation.APPROVED) {
            settlement.await();
        }
        return answer(AssetView.of(catalog.find(asset, version).orElse(shown), urls));
    }

    /// The version that a decision is about which names none. Nobody shall approve what they have not seen
    /// because it came while they were looking; to stop what is delivered takes no number.
    private int meant(CatalogEntry shown, Moderation moderation) {
        int version = shown.version().version();
        boolean isClear = shown.isCurrent() && moderation != Moderation.APPROVED;
        List<Integer> others =
                isClear ? List.of() : catalog.awaitingApproval(shown.version().id());
        for (int other : others) {
            if (other != version) {
                throw new Failure(
                        Failure.Kind.CONFLICT,
                        "Say which version is meant: version %d is shown, and version %d waits for approval."
                                .formatted(version, other));
            }
        }
        return version;
    }

    private static <T> ResponseEntity<T> answer(T body) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore().cachePrivate())
                .body(body);
    }

    private static AssetFilter filter(@Nullable Space wanted, Caller caller) {
        Set<Space> all = EnumSet.noneOf(Space.class);
        Set<Space> own = EnumSet.noneOf(Space.class);
        for (Space space : wanted == null ? EnumSet.allOf(Space.class) : EnumSet.of(wanted)) {
            if (caller.maySee(space, NOBODY)) {
                all.add(space);
            } else if (caller.maySee(space, caller.keyId())) {
                own.add(space);
            }
        }
        if (wanted != null && all.isEmpty() && own.isEmpty()) {
            throw new Failure(
                    Failure.Kind.FORBIDDEN, "The API key does not have a role that sees the space " + wanted + ".");
        }
        return new AssetFilter(all, own, caller.keyId(), null);
    }

    private static Space space(String text) {
        return Space.parse(text)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.INVALID,
                        "The space must be one of "
                                + Stream.of(Space.values()).map(Space::text).collect(Collectors.joining(", ")) + "."));
    }

    private static @Nullable String account(@Nullable String text) {
        return text == null ? null : new Account(text).name();
    }

    private static boolean truth(@Nullable String text) {
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw new Failure(Failure.Kind.INVALID, "deleted must be true or false.");
        }
        return "true".equals(text);
    }

    private static Status status(String text) {
        return Stream.of(Status.values())
                .filter(status -> status.name().equals(text.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        Failure.Kind.INVALID,
                        "The status must be one of "
                                + Stream.of(Status.values()).map(Status::name).collect(Collectors.joining(", "))
                                + "."));
    }
}
