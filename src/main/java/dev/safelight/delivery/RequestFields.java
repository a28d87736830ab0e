package dev.safelight.delivery;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// Reads a [MediaRequest] from a request of Jetty in one pass over its header fields.
final class RequestFields {
    private RequestFields() {}

    static MediaRequest read(Request request, boolean head) {
        String ifMatch = null;
        String ifNoneMatch = null;
        String ifModifiedSince = null;
        String ifUnmodifiedSince = null;
        String ifRange = null;
        String range = null;
        for (HttpField field : request.getHeaders()) {
            HttpHeader name = field.getHeader();
            if (name == null) {
                continue;
            }
            switch (name) {
                case IF_MATCH -> ifMatch = join(ifMatch, field);
                case IF_NONE_MATCH -> ifNoneMatch = join(ifNoneMatch, field);
                case IF_MODIFIED_SINCE -> ifModifiedSince = join(ifModifiedSince, field);
                case IF_UNMODIFIED_SINCE -> ifUnmodifiedSince = join(ifUnmodifiedSince, field);
                case IF_RANGE -> ifRange = join(ifRange, field);
                case RANGE -> range = join(range, field);
                default -> {
                    // shapes no answer
                }
            }
        }
        return new MediaRequest(head, ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince, ifRange, range);
    }

    private static String join(@Nullable String before, HttpField field) {
        String value = field.getValue() == null ? "" : field.getValue();
        return before == null ? value : before + ", " + value;
    }
}
