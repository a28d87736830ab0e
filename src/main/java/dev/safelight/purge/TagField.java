package dev.safelight.purge;

import java.util.List;

/// A header field in which answers name their cache tags; each family of edges reads another one.
public enum TagField {
    /// Cloudflare; CloudFront and nginx, if told so.
    CACHE_TAG("Cache-Tag", ","),
    /// Fastly, Varnish.
    SURROGATE_KEY("Surrogate-Key", " "),
    /// Akamai.
    EDGE_CACHE_TAG("Edge-Cache-Tag", ","),
    /// Bunny.
    CDN_TAG("CDN-Tag", ",");

    /// Of a field: Bunny takes 1024 bytes, the others more.
    private static final int LONGEST = 1024;

    private final String field;
    private final String separator;

    TagField(String field, String separator) {
        this.field = field;
        this.separator = separator;
    }

    public String field() {
        return field;
    }

    /// The tags as the field's value, as many as it has room for.
    public String value(List<String> tags) {
        StringBuilder value = new StringBuilder();
        for (String tag : tags) {
            int length = tag.length() + (value.isEmpty() ? 0 : separator.length());
            if (value.length() + length > LONGEST) {
                break;
            }
            value.append(value.isEmpty() ? "" : separator).append(tag);
        }
        return value.toString();
    }
}
