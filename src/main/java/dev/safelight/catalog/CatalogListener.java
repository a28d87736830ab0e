package dev.safelight.catalog;

import dev.safelight.asset.AssetId;

/// Wants to know of changes to what may be delivered, to drop what it remembers of the asset.
///
/// Called inside the changing transaction and on the changing process only: nothing may depend on it but
/// freshness.
public interface CatalogListener {
    void assetChanged(AssetId id);

    /// Less of an asset may be delivered than before, or nothing. Always after [#assetChanged].
    default void assetWithdrawn(AssetId id) {}

    /// Very many assets may no longer be delivered, too many to name: whatever is remembered of any may be wrong.
    default void manyWithdrawn() {}
}
