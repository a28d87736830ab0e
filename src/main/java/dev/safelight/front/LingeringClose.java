package dev.safelight.front;

import java.time.Duration;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Reads the rest of a body that was answered before it was read, and throws it away, before the connection closes.
///
/// A connection that is closed with bytes unread is reset, and a reset takes the answer from a client that still
/// sends: it would see a broken connection and no reason (RFC 9112, section 9.6). No thread waits for the rest. It
/// is read for [#PATIENCE], and a client that pauses is left to the idle timeout. Streams of HTTP/2 end one by one,
/// and need none of this.
public final class LingeringClose extends Handler.Wrapper {
    /// How long a client may go on to send what nobody reads.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Duration patience;

    public LingeringClose(Handler next) {
        this(next, PATIENCE);
    }

    LingeringClose(Handler next, Duration patience) {
        super(next);
        this.patience = patience;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!mayLeaveARest(request)) {
            return super.handle(request, response, callback);
        }
        Unspoilt body = new Unspoilt(request);
        return super.handle(body, response, new Rest(body, callback, patience));
    }

    private static boolean mayLeaveARest(Request request) {
        HttpFields fields = request.getHeaders();
        return (fields.contains(HttpHeader.CONTENT_LENGTH) || fields.contains(HttpHeader.TRANSFER_ENCODING))
                && request.getConnectionMetaData().getHttpVersion().compareTo(HttpVersion.HTTP_1_1) <= 0;
    }

    /// A request that can be read after it was answered.
    private static final class Unspoilt extends Request.Wrapper {
        /// As many as Jetty reads.
        private static final int READS = 16;

        Unspoilt(Request request) {
            super(request);
        }

        /// Whether the whole body was read, which keeps the connection. Servlets ask when they answer; Jetty's own
        /// way has all later reads fail.
        @Override
        public boolean consumeAvailable() {
            for (int i = 0; i < READS; i++) {
                Content.Chunk chunk = read();
                if (chunk == null || Content.Chunk.isFailure(chunk)) {
                    return false;
                }
                chunk.release();
                if (chunk.isLast()) {
                    return true;
                }
            }
            return false;
        }
    }

    /// What is left of the body once the answer is written.
    private static final class Rest extends Callback.Nested {
        private final Request request;
        private final Duration patience;
        private long until;

        Rest(Request request, Callback callback, Duration patience) {
            super(callback);
            this.request = request;
            this.patience = patience;
        }

        @Override
        public void succeeded() {
            until = System.nanoTime() + patience.toNanos();
            discard();
        }

        private void discard() {
            while (true) {
                Content.Chunk chunk = request.read();
                if (chunk == null) {
                    request.demand(this::discard);
                    return;
                }
                chunk.release();
                if (chunk.isLast() || Content.Chunk.isFailure(chunk) || System.nanoTime() - until > 0) {
                    super.succeeded();
                    return;
                }
            }
        }
    }
}
