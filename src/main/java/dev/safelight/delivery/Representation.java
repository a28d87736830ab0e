package dev.safelight.delivery;

import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import dev.safelight.asset.Variant;
import dev.safelight.catalog.Deliverable;
import dev.safelight.usage.Feature;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What HTTP needs to know of a picture to answer for it, in the sense of RFC 9110 §3.2.
///
/// @param etag a strong entity tag with its quotes
/// @param lastModified to the second, as HTTP knows no finer one; absent where only the tag tells a change
/// @param shared whether anybody may have it, and any cache may keep it
/// @param space of the asset, for what counts usage; absent for a picture from elsewhere
/// @param feature that delivers it
/// @param fields what else is sent with it: `Cache-Control` at least
record Representation(
        MediaType type,
        long bytes,
        String etag,
        @Nullable Instant lastModified,
        boolean shared,
        Map<String, String> fields,
        @Nullable Space space,
        Feature feature) {
    /// Versioned addresses never change their bytes, so that caches need never ask again.
    static final String FOREVER = "public, max-age=31536000, immutable";

    static final String PRIVATE = "private, no-store";

    Representation {
        fields = Map.copyOf(fields);
    }

    /// @param tags names the cache tags of what anybody may have
    static Representation of(Deliverable deliverable, CacheTagFields tags) {
        Variant variant = deliverable.variant();
        boolean shared = isShared(deliverable.space());
        return new Representation(
                variant.format(),
                variant.bytes(),
                '"' + variant.etag() + '"',
                deliverable.lastModified().truncatedTo(ChronoUnit.SECONDS),
                shared,
                fields(deliverable, shared, tags),
                deliverable.space(),
                Feature.VARIANTS);
    }

    private static Map<String, String> fields(Deliverable deliverable, boolean shared, CacheTagFields tags) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Cache-Control", shared ? FOREVER : PRIVATE);
        if (shared) {
            fields.putAll(tags.of(deliverable));
        }
        return fields;
    }

    /// Whether what lies in a space may be had by anybody once it is approved.
    static boolean isShared(Space space) {
        return switch (space) {
            case PRODUCT, MARKETING -> true;
            case USER -> false;
        };
    }
}
