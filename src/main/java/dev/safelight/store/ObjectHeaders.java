package dev.safelight.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is stored with an object: headers that are sent back with it, and tags.
///
/// @param tags that the object has from its first moment; services without tags leave them out
public record ObjectHeaders(String contentType, @Nullable String cacheControl, Map<String, String> tags) {
    public ObjectHeaders {
        tags = Map.copyOf(tags);
    }

    public ObjectHeaders(String contentType, @Nullable String cacheControl) {
        this(contentType, cacheControl, Map.of());
    }

    public static ObjectHeaders ofType(String contentType) {
        return new ObjectHeaders(contentType, null);
    }
}
