package dev.safelight.pipeline;

import dev.safelight.access.Allow;
import dev.safelight.access.Caller;
import dev.safelight.access.Role;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Status;
import dev.safelight.asset.VersionId;
import dev.safelight.catalog.VisibleAssets;
import dev.safelight.job.Flow;
import dev.safelight.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.Locale;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// Brings an asset to the profile of now after it was changed, or tells what that would change.
@RestController
class ReprocessController {
    private final VisibleAssets visible;
    private final Reprocessing reprocessing;

    ReprocessController(VisibleAssets visible, Reprocessing reprocessing) {
        this.visible = visible;
        this.reprocessing = reprocessing;
    }

    /// @param dryRun true to change nothing
    record Order(@NotNull(message = "is needed") Boolean dryRun) {}

    /// What changes, or would change; the counts are those of [ReprocessPlan].
    ///
    /// @param job open while one waits or runs, dead when it was given up, else none
    record Report(
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
    Report one(@PathVariable String id, @RequestBody @Valid Order order, Caller caller, HttpServletRequest request) {
        QueryParameters.allowOnly(request);
        AssetVersion version = visible.findToChange(id, caller).version();
        if (version.status() != Status.READY) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "Only assets that are READY can be processed again; this one is " + version.status() + ".");
        }
        VersionId versionId = new VersionId(version.id(), version.version());
        ReprocessPlan plan = reprocessing.plan(version);
        if (plan.isNeeded() && !order.dryRun()) {
            reprocessing.request(versionId, new Flow(version.space(), caller.keyId()));
        }
        return new Report(
                order.dryRun(),
                plan.made(),
                plan.kept(),
                plan.unlisted(),
                plan.removed(),
                plan.addressesEnded(),
                plan.bytesToWrite(),
                plan.bytesFreed(),
                reprocessing.state(versionId).name().toLowerCase(Locale.ROOT));
    }
}
