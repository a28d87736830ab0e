package dev.safelight.access;

import dev.safelight.asset.ContentLimits;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a key may upload, where that is less than its spaces allow; null where it is not.
///
/// @param spaces at least one
/// @param types at least one
/// @param maxBytes of one upload
/// @param maxPixels of one picture, all frames together
/// @param maxDuration of what plays
/// @param quota bytes that the originals of the key may have together, in all spaces
/// @param grantsPerMinute how many uploads it may be granted within a minute
public record KeyLimits(
        @Nullable Set<Space> spaces,
        @Nullable Set<MediaType> types,
        @Nullable Long maxBytes,
        @Nullable Long maxPixels,
        @Nullable Duration maxDuration,
        @Nullable Long quota,
        @Nullable Integer grantsPerMinute) {
    public static final KeyLimits NONE = new KeyLimits(null, null, null, null, null, null, null);

    public KeyLimits {
        spaces = spaces == null ? null : Set.copyOf(spaces);
        types = types == null ? null : Set.copyOf(types);
    }

    public boolean allows(Space space) {
        return spaces == null || spaces.contains(space);
    }

    public boolean allows(MediaType type) {
        return types == null || types.contains(type);
    }

    /// What goes with each upload, to be held against its content.
    public ContentLimits content() {
        return new ContentLimits(maxPixels, maxDuration);
    }
}
