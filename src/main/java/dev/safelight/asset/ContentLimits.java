package dev.safelight.asset;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What was agreed on when an upload was granted, and can only be held against its content.
///
/// @param maxPixels of all frames together; null for no more than what the space allows
/// @param maxDuration of what plays; null for no more than what the space allows
public record ContentLimits(
        @Nullable Long maxPixels, @Nullable Duration maxDuration) {
    public static final ContentLimits NONE = new ContentLimits(null, null);

    public ContentLimits {
        if (maxPixels != null && maxPixels < 1) {
            throw new IllegalArgumentException("a picture has at least one pixel: " + maxPixels);
        }
        if (maxDuration != null && (maxDuration.isNegative() || maxDuration.isZero())) {
            throw new IllegalArgumentException("what plays takes some time: " + maxDuration);
        }
    }
}
