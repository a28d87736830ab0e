package dev.safelight.purge;

import dev.safelight.asset.AssetId;
import java.io.IOException;
import java.time.Instant;
import java.util.Set;

/// The caches of this process, in memory and on disk, and what it believes of results kept in the bucket.
///
/// What returns without an exception holds for good: nothing that was kept or is being made at that moment
/// is served afterwards. Each may be called again.
public interface OwnCaches {
    /// Forgets what shows any of some assets: what this process keeps in any case, even if the bucket fails.
    ///
    /// @throws IOException when what is kept in the bucket could not be removed
    void forget(Set<AssetId> assets) throws IOException;

    /// Forgets everything.
    ///
    /// @param asked when somebody asked for it
    void forgetAll(Instant asked);

    /// Takes no result from the bucket that was kept before a moment.
    void distrustKeptBefore(Instant moment);
}
