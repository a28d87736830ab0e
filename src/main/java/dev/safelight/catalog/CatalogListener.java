package dev.safelight.catalog;

import dev.safelight.asset.AssetId;
import java.util.Set;

/// Wants to know of changes to what may be delivered, to drop what it remembers of the asset.
///
/// Called inside the changing transaction in the changing process, and in others a moment after its commit,
/// or never: nothing may depend on it but freshness.
public interface CatalogListener {
    void assetChanged(AssetId id);

    /// Less of some assets may be delivered than before, or nothing. Called once, in the process that
    /// withdraws them and inside of its transaction: what is written here is there if, and only if, the
    /// withdrawal is.
    ///
    /// @param ids at least one; a few hundred at most, so that more than these are told of in several calls
    default void withdrawing(Set<AssetId> ids) {}

    /// Changes may have passed unheard.
    default void anythingMayHaveChanged() {}

    /// Very many assets may no longer be delivered, too many to name: whatever is remembered of any may be
    /// wrong.
    default void manyWithdrawn() {}
}
