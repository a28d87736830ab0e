package dev.safelight.testing;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// The permission to send one file to the store.
public record Grant(String uploadId, String assetId, URI url, Map<String, String> fields) {

    /// Reads the answer to `POST /v1/uploads`.
    public static Grant of(JsonNode upload) {
        Map<String, String> fields = new LinkedHashMap<>();
        upload.path("grant")
                .path("fields")
                .propertyStream()
                .forEach(field -> fields.put(field.getKey(), field.getValue().asString()));
        return new Grant(
                upload.path("uploadId").asString(),
                upload.path("assetId").asString(),
                URI.create(upload.path("grant").path("url").asString()),
                fields);
    }

    /// The same, but for one field.
    public Grant with(String field, String value) {
        Map<String, String> changed = new LinkedHashMap<>(fields);
        changed.put(field, value);
        return new Grant(uploadId, assetId, url, changed);
    }

    public Grant without(String field) {
        Map<String, String> changed = new LinkedHashMap<>(fields);
        changed.remove(field);
        return new Grant(uploadId, assetId, url, changed);
    }
}
