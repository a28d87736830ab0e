package dev.safelight.cli.bulk;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a file is to become, beside an asset of its space.
///
/// @param asset the asset that gets a new version; null for a new asset
/// @param account the application's id of the end user that it belongs to
public record Target(
        @Nullable String sku,
        @Nullable String part,
        @Nullable String role,
        Map<String, String> metadata,
        @Nullable String asset,
        @Nullable String account) {
    public static final Target NONE = new Target(null, null, null, Map.of(), null);

    public Target {
        metadata = Map.copyOf(metadata);
    }

    /// What belongs to no end user.
    public Target(
            @Nullable String sku,
            @Nullable String part,
            @Nullable String role,
            Map<String, String> metadata,
            @Nullable String asset) {
        this(sku, part, role, metadata, asset, null);
    }

    /// These values where there are some, and those of another where not.
    Target orElse(Target other) {
        Map<String, String> both = new LinkedHashMap<>(other.metadata);
        both.putAll(metadata);
        return new Target(
                sku == null ? other.sku : sku,
                part == null ? other.part : part,
                role == null ? other.role : role,
                both,
                asset == null ? other.asset : asset,
                account == null ? other.account : account);
    }

    /// The fields of a request for a grant, without those that are not known.
    void addTo(Map<String, Object> request) {
        addTo(request, "sku", sku);
        addTo(request, "part", part);
        addTo(request, "role", role);
        addTo(request, "assetId", asset);
        addTo(request, "account", account);
        if (!metadata.isEmpty()) {
            request.put("metadata", metadata);
        }
    }

    private static void addTo(Map<String, Object> request, String name, @Nullable String value) {
        if (value != null) {
            request.put(name, value);
        }
    }

    /// For people, such as `sku=A1 role=front`; empty when there is nothing to say.
    public String text() {
        Map<String, Object> fields = new LinkedHashMap<>();
        addTo(fields, "asset", asset);
        addTo(fields, "sku", sku);
        addTo(fields, "part", part);
        addTo(fields, "role", role);
        fields.putAll(new TreeMap<>(metadata));
        StringBuilder text = new StringBuilder();
        fields.forEach((name, value) ->
                text.append(text.isEmpty() ? "" : " ").append(name).append('=').append(value));
        return text.toString();
    }
}
