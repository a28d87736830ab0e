package dev.safelight.delivery;

import dev.safelight.store.ByteRange;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// The header fields of answers about media, but for those that depend on the range.
final class MediaHeaders {
    private MediaHeaders() {}

    /// Of 200 and 206.
    static Map<String, String> ofContent(Representation representation) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Content-Type", representation.type().text());
        fields.put("Accept-Ranges", "bytes");
        fields.put("X-Content-Type-Options", "nosniff");
        fields.put("Content-Security-Policy", "default-src 'none'; sandbox");
        fields.putAll(ofNotModified(representation));
        return fields;
    }

    /// Of 304: what refreshes the copy of a cache, and what browsers check on each answer.
    static Map<String, String> ofNotModified(Representation representation) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("ETag", representation.etag());
        Instant modified = representation.lastModified();
        if (modified != null) {
            fields.put("Last-Modified", HttpDate.write(modified));
        }
        fields.putAll(representation.fields());
        fields.putAll(ofOtherOrigins(representation.permit()));
        return fields;
    }

    /// What pages of other origins may do. Whoever has a signature may give it to a page, as with what is
    /// public.
    private static Map<String, String> ofOtherOrigins(Permit permit) {
        if (permit instanceof Permit.KeyHolder) {
            return Map.of("Cross-Origin-Resource-Policy", "same-origin");
        }
        Map<String, String> fields = new LinkedHashMap<>();
        String origin = permit instanceof Permit.Signed signed ? signed.origin() : null;
        fields.put("Cross-Origin-Resource-Policy", "cross-origin");
        fields.put("Access-Control-Allow-Origin", origin == null ? "*" : origin);
        if (origin != null) {
            fields.put("Access-Control-Allow-Credentials", "true");
        }
        fields.put("Access-Control-Expose-Headers", "Accept-Ranges, Content-Range, ETag");
        fields.put("Timing-Allow-Origin", "*");
        return fields;
    }

    /// Of a redirect to the store.
    static Map<String, String> ofRedirect(Representation representation) {
        Map<String, String> fields = new LinkedHashMap<>(ofOtherOrigins(representation.permit()));
        fields.put("X-Content-Type-Options", "nosniff");
        String vary = representation.fields().get("Vary");
        if (vary != null) {
            fields.put("Vary", vary);
        }
        return fields;
    }

    /// The `Content-Range` of one range of a whole.
    static String contentRange(ByteRange range, long bytes) {
        return "bytes " + range.first() + "-" + range.last() + "/" + bytes;
    }

    /// Of errors and of the answer to OPTIONS: the same for every path, so that they tell nothing about it.
    static Map<String, String> ofAnyPath() {
        return Map.of(
                "X-Content-Type-Options", "nosniff",
                "Access-Control-Allow-Origin", "*");
    }

    /// Of the answer to OPTIONS for a page that may read what its cookies give it.
    static Map<String, String> ofOrigin(String origin) {
        return Map.of(
                "Access-Control-Allow-Origin", origin, "Access-Control-Allow-Credentials", "true", "Vary", "Origin");
    }

    /// Of the answer to a CORS preflight, which comes without credentials.
    static Map<String, String> ofPreflight() {
        return Map.of(
                "Access-Control-Allow-Methods",
                "GET, HEAD",
                "Access-Control-Allow-Headers",
                "Range, If-Range, If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since",
                "Access-Control-Max-Age",
                "86400");
    }
}
