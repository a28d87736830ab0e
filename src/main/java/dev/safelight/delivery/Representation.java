package dev.safelight.delivery;

import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import dev.safelight.asset.Variant;
import dev.safelight.catalog.Deliverable;
import dev.safelight.usage.Feature;
import dev.safelight.web.CacheRule;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What HTTP needs to know of a picture to answer for it, in the sense of RFC 9110 §3.2.
///
/// @param etag a strong entity tag with its quotes
/// @param lastModified to the second, as HTTP knows no finer one; absent where only the tag tells a change
/// @param permit of whoever gets it
/// @param space of the asset, for what counts usage; absent for a picture from elsewhere
/// @param feature that delivers it
/// @param fields what else is sent with it: `Cache-Control` at least
record Representation(
        MediaType type,
        long bytes,
        String etag,
        @Nullable Instant lastModified,
        Permit permit,
        Map<String, String> fields,
        @Nullable Space space,
        Feature feature) {
    Representation {
        fields = Map.copyOf(fields);
    }

    /// A stored variant as anybody may have it where its space is public, else as one with an API key.
    static Representation of(Deliverable deliverable, MediaLibrary.Terms terms) {
        Variant variant = deliverable.variant();
        boolean shared = terms.spaces().isPublic(deliverable.space());
        return new Representation(
                variant.format(),
                variant.bytes(),
                '"' + variant.etag() + '"',
                deliverable.lastModified().truncatedTo(ChronoUnit.SECONDS),
                shared ? new Permit.Everybody() : new Permit.KeyHolder(),
                fields(deliverable, shared, terms.tags()),
                deliverable.space(),
                Feature.VARIANTS);
    }

    private static Map<String, String> fields(Deliverable deliverable, boolean shared, CacheTagFields tags) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Cache-Control", shared ? CacheRule.STORED : CacheRule.KEY_HOLDER);
        if (shared) {
            fields.putAll(tags.of(deliverable));
        }
        return fields;
    }

    /// Whether anybody may have it, and any cache may keep it.
    boolean shared() {
        return permit instanceof Permit.Everybody;
    }

    /// A stored variant for somebody with another permit than it was made for.
    Representation permitted(Permit other, Instant now) {
        if (other.equals(permit)) {
            return this;
        }
        Map<String, String> changed = new HashMap<>(fields);
        changed.put("Cache-Control", other.privately(CacheRule.LONGEST, now));
        String vary = other.vary();
        if (vary != null) {
            changed.merge("Vary", vary, (one, more) -> one + ", " + more);
        }
        return new Representation(type, bytes, etag, lastModified, other, changed, space, feature);
    }
}
