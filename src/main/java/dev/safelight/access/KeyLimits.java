package dev.safelight.access;

import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a key may upload, where that is less than the spaces allow; a part that is null or empty limits nothing.
///
/// @param spaces the only ones that it uploads to
/// @param types the only content types that it brings
/// @param maxBytes the largest file
/// @param maxPixels the largest picture, all frames together
/// @param maxDuration the longest video
/// @param quota bytes of all its originals together, refused ones aside
/// @param grantsPerMinute uploads that it may begin in a minute
public record KeyLimits(
        Set<Space> spaces,
        Set<MediaType> types,
        @Nullable Long maxBytes,
        @Nullable Long maxPixels,
        @Nullable Duration maxDuration,
        @Nullable Long quota,
        @Nullable Integer grantsPerMinute) {

    public static final KeyLimits NONE = new KeyLimits(Set.of(), Set.of(), null, null, null, null, null);

    public KeyLimits {
        spaces = Set.copyOf(spaces);
        types = Set.copyOf(types);
    }
}
