package dev.safelight.testing;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The body of `POST /v1/uploads`; any field can be set to anything, to see what the server makes of it.
public record UploadOrder(Map<String, @Nullable Object> fields) {

    /// What the server needs to know about a JPEG.
    public static UploadOrder jpeg(String name, long size) {
        return of(name, "image/jpeg", size);
    }

    public static UploadOrder of(String name, String contentType, long size) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("fileName", name);
        fields.put("contentType", contentType);
        fields.put("size", size);
        return new UploadOrder(fields);
    }

    public UploadOrder with(String field, @Nullable Object value) {
        Map<String, @Nullable Object> changed = new LinkedHashMap<>(fields);
        changed.put(field, value);
        return new UploadOrder(changed);
    }

    public UploadOrder without(String field) {
        Map<String, @Nullable Object> changed = new LinkedHashMap<>(fields);
        changed.remove(field);
        return new UploadOrder(changed);
    }

    public String json() {
        return JsonMapper.shared().writeValueAsString(fields);
    }
}
