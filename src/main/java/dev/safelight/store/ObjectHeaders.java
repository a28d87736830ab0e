package dev.safelight.store;

import org.jspecify.annotations.Nullable;

/// Headers stored with an object and sent back with it.
public record ObjectHeaders(String contentType, @Nullable String cacheControl) {
    public static ObjectHeaders ofType(String contentType) {
        return new ObjectHeaders(contentType, null);
    }
}
