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
        if (representation.shared()) {
            fields.put("Cross-Origin-Resource-Policy", "cross-origin");
            fields.put("Access-Control-Allow-Origin", "*");
            fields.put("Access-Control-Expose-Headers", "Accept-Ranges, Content-Range, ETag");
            fields.put("Timing-Allow-Origin", "*");
        } else {
            fields.put("Cross-Origin-Resource-Policy", "same-origin");
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
