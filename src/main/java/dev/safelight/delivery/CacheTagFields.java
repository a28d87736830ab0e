package dev.safelight.delivery;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.BlobKey;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.catalog.Deliverable;
import dev.safelight.purge.CacheTags;
import dev.safelight.purge.TagField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The header fields in which answers name their cache tags, as far as the settings want any.
record CacheTagFields(List<TagField> fields) {
    static final CacheTagFields NONE = new CacheTagFields(List.of());

    /// What metadata calls the article.
    private static final String SKU = "sku";

    CacheTagFields {
        fields = List.copyOf(fields);
    }

    /// Of a stored variant.
    Map<String, String> of(Deliverable deliverable) {
        if (fields.isEmpty()) {
            return Map.of();
        }
        List<String> tags = new ArrayList<>();
        tags.add(CacheTags.asset(deliverable.asset()));
        tags.add(CacheTags.version(
                deliverable.asset(), versionOf(deliverable.variant().key())));
        tags.add(CacheTags.space(deliverable.space()));
        return write(tags);
    }

    /// The number stands in the key: `processed/{type}/{assetId}/v{n}/{file}`.
    private static int versionOf(BlobKey key) {
        return Integer.parseInt(key.key().split("/", -1)[3].substring(1));
    }

    /// Of a picture that was made on demand. The longest-lived come first, since a field has room for so many only.
    ///
    /// @param shown all assets that show in it, the watermark's included
    Map<String, String> of(CatalogEntry entry, Set<AssetId> shown) {
        if (fields.isEmpty()) {
            return Map.of();
        }
        AssetId asset = entry.version().id();
        List<String> tags = new ArrayList<>();
        tags.add(CacheTags.asset(asset));
        shown.stream()
                .filter(other -> !other.equals(asset))
                .map(CacheTags::asset)
                .forEach(tags::add);
        tags.add(CacheTags.version(asset, entry.version().version()));
        tags.add(CacheTags.space(entry.version().space()));
        String sku = entry.metadata().get(SKU);
        if (sku != null) {
            tags.add(CacheTags.sku(sku));
        }
        return write(tags);
    }

    private Map<String, String> write(List<String> tags) {
        Map<String, String> written = new LinkedHashMap<>();
        fields.forEach(field -> written.put(field.field(), field.value(tags)));
        return written;
    }
}
