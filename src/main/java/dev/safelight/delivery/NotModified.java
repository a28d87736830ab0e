package dev.safelight.delivery;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// The answer 304, without a `Content-Length`.
///
/// The length of what is not sent would be allowed (RFC 9110 §8.6), yet clients are known that wait for as
/// many bytes. A length of 0, which Jetty puts where there is none, would be wrong.
final class NotModified {
    private NotModified() {}

    static void send(HttpFields fields, Request request, Response response, Callback callback) {
        response.setStatus(HttpStatus.NOT_MODIFIED_304);
        response.getHeaders().add(fields);
        request.addHttpStreamWrapper(WithoutLength::new);
        response.write(true, null, callback);
    }

    private static final class WithoutLength extends HttpStream.Wrapper {
        WithoutLength(HttpStream stream) {
            super(stream);
        }

        @Override
        public void prepareResponse(HttpFields.Mutable fields) {
            fields.remove(HttpHeader.CONTENT_LENGTH);
            super.prepareResponse(fields);
        }
    }
}
