package dev.safelight.catalog;

import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which assets a list is made of.
///
/// @param spaces those listed as a whole
/// @param ownSpaces those of which only the owner's assets are listed
/// @param status of the current version; null for any
/// @param account the one that they belong to; null for any, and for those of none
/// @param deleted whether deleted ones are listed, instead of the others
public record AssetFilter(
        Set<Space> spaces,
        Set<Space> ownSpaces,
        UUID owner,
        @Nullable Status status,
        @Nullable String account,
        boolean deleted) {
    public AssetFilter {
        spaces = Set.copyOf(spaces);
        ownSpaces = Set.copyOf(ownSpaces);
    }

    /// Assets that are not deleted, of whatever account.
    public AssetFilter(Set<Space> spaces, Set<Space> ownSpaces, UUID owner, @Nullable Status status) {
        this(spaces, ownSpaces, owner, status, null, false);
    }

    /// Only some of the same assets.
    public AssetFilter narrowed(@Nullable Status to, @Nullable String ofAccount, boolean areDeleted) {
        return new AssetFilter(spaces, ownSpaces, owner, to, ofAccount, areDeleted);
    }
}
