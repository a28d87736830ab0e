package dev.safelight.render.remote;

import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/// What a host said about how its picture may be used, and by what to ask for it again.
///
/// @param entityTag as it came, with its quotes
/// @param lastModified as it came
public record Validators(
        @Nullable String entityTag, @Nullable String lastModified, Freshness freshness) {
    private static final Pattern ENTITY_TAG = Pattern.compile("(W/)?\"[\\x21\\x23-\\x7e]{0,200}\"");

    /// Of a picture that came. What could not be sent back safely is dropped.
    static Validators of(HttpFields fields) {
        String tag = fields.get(HttpHeader.ETAG);
        String date = fields.get(HttpHeader.LAST_MODIFIED);
        return new Validators(
                tag != null && ENTITY_TAG.matcher(tag).matches() ? tag : null,
                Freshness.moment(date) != null ? date : null,
                Freshness.of(fields));
    }

    /// Of a picture that is still the same. What an answer does not repeat stays as it was (RFC 9111 §3.2).
    static Validators confirmed(HttpFields fields, Validators known) {
        Validators now = of(fields);
        return new Validators(
                now.entityTag() == null ? known.entityTag() : now.entityTag(),
                now.lastModified() == null ? known.lastModified() : now.lastModified(),
                Freshness.isIn(fields) ? now.freshness() : known.freshness());
    }
}
