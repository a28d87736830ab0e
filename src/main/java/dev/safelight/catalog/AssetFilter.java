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
public record AssetFilter(
        Set<Space> spaces,
        Set<Space> ownSpaces,
        UUID owner,
        @Nullable Status status) {
    public AssetFilter {
        spaces = Set.copyOf(spaces);
        ownSpaces = Set.copyOf(ownSpaces);
    }
}
