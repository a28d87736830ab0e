package dev.safelight.pipeline;

import dev.safelight.access.Allow;
import dev.safelight.access.Caller;
import dev.safelight.access.Role;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import dev.safelight.asset.VersionId;
import dev.safelight.catalog.AssetCursor;
import dev.safelight.catalog.AssetFilter;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.catalog.VisibleAssets;
import dev.safelight.job.JobQueue;
import dev.safelight.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// Brings assets to the profile of now after it was changed, or tells what that would cost.
@RestController
class ReprocessController {
    private static final int USUAL_PAGE = 100;
    private static final int LARGEST_PAGE = 500;

    private final Catalog catalog;
    private final VisibleAssets visible;
    private final ImageSettings settings;
    private final JobQueue jobs;

    ReprocessController(Catalog catalog, VisibleAssets visible, ImageSettings settings, JobQueue jobs) {
        this.catalog = catalog;
        this.visible = visible;
        this.settings = settings;
        this.jobs = jobs;
    }

    /// @param dryRun true to change nothing
    record Order(@NotNull(message = "is needed") Boolean dryRun) {}

    /// @param space null for all that the caller may change
    /// @param dryRun true to change nothing
    /// @param limit how many assets to look at, 1 to 500; 100 when it is not given
    /// @param cursor the nextCursor of the answer before
    record BulkOrder(
            @Nullable String space,

            @NotNull(message = "is needed") Boolean dryRun,

            @Nullable @Min(value = 1, message = "must be 1 to 500") @Max(value = 500, message = "must be 1 to 500")
            Integer limit,

            @Nullable String cursor) {}

    /// What changes, or would change.
    ///
    /// @param examined assets that were looked at
    /// @param assets how many of them change
    /// @param made variants and mezzanines that are missing or were made by another recipe
    /// @param kept those that are as they should be
    /// @param unlisted variants that are kept too, although the profile no longer has them: their addresses stay
    /// @param removed those that the profile no longer has, and that do not stay
    /// @param addressesEnded how many of the removed ones had an address, under which nothing is found any more
    /// @param bytesToWrite an estimate
    /// @param bytesFreed of what is replaced and removed
    /// @param changes the assets that change, each by itself
    /// @param nextCursor where to go on; absent at the end
    record Report(
            boolean dryRun,
            int examined,
            int assets,
            int made,
            int kept,
            int unlisted,
            int removed,
            int addressesEnded,
            long bytesToWrite,
            long bytesFreed,
            List<Change> changes,
            @Nullable String nextCursor) {

        static Report of(boolean dryRun, List<Change> examined, @Nullable String nextCursor) {
            List<Change> changes = examined.stream().filter(Change::isNeeded).toList();
            return new Report(
                    dryRun,
                    examined.size(),
                    changes.size(),
                    examined.stream().mapToInt(Change::made).sum(),
                    examined.stream().mapToInt(Change::kept).sum(),
                    examined.stream().mapToInt(Change::unlisted).sum(),
                    examined.stream().mapToInt(Change::removed).sum(),
                    examined.stream().mapToInt(Change::addressesEnded).sum(),
                    examined.stream().mapToLong(Change::bytesToWrite).sum(),
                    examined.stream().mapToLong(Change::bytesFreed).sum(),
                    changes,
                    nextCursor);
        }
    }

    /// What changes of one asset.
    record Change(
            String id,
            int version,
            int made,
            int kept,
            int unlisted,
            int removed,
            int addressesEnded,
            long bytesToWrite,
            long bytesFreed) {
        static Change of(AssetVersion version, Rebuild rebuild) {
            return new Change(
                    version.id().toString(),
                    version.version(),
                    rebuild.make().size(),
                    rebuild.keep().size(),
                    rebuild.unlisted().size(),
                    rebuild.remove().size(),
                    (int) rebuild.remove().stream()
                            .filter(version.variants()::contains)
                            .count(),
                    rebuild.bytesToWrite(),
                    rebuild.bytesFreed());
        }

        boolean isNeeded() {
            return made > 0 || removed > 0;
        }
    }

    /// What changes of an asset that was asked for by its id.
    ///
    /// @param job open while one waits or runs, dead when it was given up, else none
    record SingleReport(
            boolean dryRun,
            int made,
            int kept,
            int unlisted,
            int removed,
            int addressesEnded,
            long bytesToWrite,
            long bytesFreed,
            String job) {}

    /// One asset.
    @PostMapping("/v1/assets/{id}/reprocess")
    @Allow({Role.EDITOR, Role.MARKETING})
    SingleReport one(
            @PathVariable String id, @RequestBody @Valid Order order, Caller caller, HttpServletRequest request) {
        QueryParameters.allowOnly(request);
        AssetVersion version = visible.findToChange(id, caller).version();
        if (version.status() != Status.READY) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "Only assets that are READY can be processed again; this one is " + version.status() + ".");
        }
        Change change = examine(version, order.dryRun());
        String job = jobs.state(ReprocessVersion.KIND, instance(version)).name().toLowerCase(Locale.ROOT);
        return new SingleReport(
                order.dryRun(),
                change.made(),
                change.kept(),
                change.unlisted(),
                change.removed(),
                change.addressesEnded(),
                change.bytesToWrite(),
                change.bytesFreed(),
                job);
    }

    /// A page of all READY assets, newest first.
    @PostMapping("/v1/reprocess")
    @Allow({Role.EDITOR, Role.MARKETING})
    Report many(@RequestBody @Valid BulkOrder order, Caller caller, HttpServletRequest request) {
        QueryParameters.allowOnly(request);
        Integer limit = order.limit();
        int size = limit == null ? USUAL_PAGE : Math.clamp(limit, 1, LARGEST_PAGE);
        AssetId before = order.cursor() == null ? null : AssetCursor.parse(order.cursor());
        AssetFilter filter = new AssetFilter(spaces(order.space(), caller), Set.of(), caller.keyId(), Status.READY);
        List<CatalogEntry> found = catalog.list(filter, before, size + 1);
        List<CatalogEntry> page = found.subList(0, Math.min(size, found.size()));
        List<Change> examined = new ArrayList<>();
        page.forEach(entry -> examined.add(examine(entry.version(), order.dryRun())));
        String next =
                found.size() > size ? AssetCursor.after(page.getLast().version().id()) : null;
        return Report.of(order.dryRun(), examined, next);
    }

    private Change examine(AssetVersion version, boolean dryRun) {
        Change change = Change.of(version, Rebuild.of(version, settings));
        if (change.isNeeded() && !dryRun) {
            jobs.enqueueBehind(ReprocessVersion.KIND, instance(version));
        }
        return change;
    }

    private static String instance(AssetVersion version) {
        return new VersionId(version.id(), version.version()).toString();
    }

    private static Set<Space> spaces(@Nullable String wanted, Caller caller) {
        Set<Space> spaces = wanted == null ? EnumSet.allOf(Space.class) : EnumSet.of(space(wanted));
        Set<Space> editable = spaces.stream().filter(caller::mayEdit).collect(Collectors.toSet());
        if (wanted != null && editable.isEmpty()) {
            throw new Failure(
                    Failure.Kind.FORBIDDEN, "The API key does not have a role that changes the space " + wanted + ".");
        }
        return editable;
    }

    private static Space space(String text) {
        return Space.parse(text)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.INVALID,
                        "The space must be one of "
                                + Stream.of(Space.values()).map(Space::text).collect(Collectors.joining(", ")) + "."));
    }
}
