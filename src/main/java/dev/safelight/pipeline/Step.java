package dev.safelight.pipeline;

import dev.safelight.asset.AssetVersion;
import java.io.IOException;
import java.util.Locale;

/// One thing that is done to each version on its way; returns what is known afterwards.
///
/// A step that refuses the content returns the version as REJECTED, and the pipeline ends there. A step may run again
/// after a crash, so doing it twice must be the same as once.
interface Step {
    AssetVersion apply(AssetVersion version, Workspace workspace) throws IOException, InterruptedException;

    /// As it shows in the run history and metrics.
    default String name() {
        return getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }
}
