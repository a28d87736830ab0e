package dev.safelight.pipeline;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Reason;
import dev.safelight.asset.Rejection;
import dev.safelight.asset.Status;

/// Ends the way of media that no pipeline processes.
final class RefuseMedium implements Step {
    @Override
    public AssetVersion apply(AssetVersion version, Workspace workspace) {
        String detail = "Files of type %s are not processed; allowed are images."
                .formatted(version.original().declaredType());
        return version.withStatus(Status.REJECTED, new Rejection(Reason.UNSUPPORTED, detail));
    }
}
