package dev.safelight.front;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/// Reads the rest of a body that was answered before it was read, and throws it away, before the connection
/// closes.
///
/// A connection that is closed with bytes unread is reset, and a reset takes the answer from a client that
/// still sends: it would see a broken connection and no reason (RFC 9112, section 9.6). No thread waits for
/// the rest, and after [#PATIENCE] the connection closes whatever comes. Streams of HTTP/2 end one by one,
/// and need none of this.
final class LingeringClose extends Handler.Wrapper {
    /// How long a client may go on to send what nobody reads.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /// How many pieces of a body are read at once, as Jetty does.
    private static final int READS = 16;

    private final Duration patience;

    LingeringClose(Handler next) {
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
        Unspoilt(Request request) {
            super(request);
        }

        /// Whether the whole body was read, which keeps the connection. Servlets ask when they answer;
        /// Jetty's own way has all later reads fail.
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
        private Scheduler.@Nullable Task end;
        private boolean over;

        Rest(Request request, Callback callback, Duration patience) {
            super(callback);
            this.request = request;
            this.patience = patience;
        }

        @Override
        public void succeeded() {
            readOn();
        }

        private void readOn() {
            if (isRead()) {
                finish();
            }
        }

        /// Reads what is there, and has itself called when there is more.
        private synchronized boolean isRead() {
            if (over) {
                return false;
            }
            try {
                for (int i = 0; i < READS; i++) {
                    Content.Chunk chunk = request.read();
                    if (chunk == null) {
                        limit();
                        request.demand(this::readOn);
                        return false;
                    }
                    chunk.release();
                    if (chunk.isLast() || Content.Chunk.isFailure(chunk)) {
                        return true;
                    }
                }
                // Others have their turn: this may be the thread that looks after all connections.
                limit();
                request.getComponents().getExecutor().execute(this::readOn);
                return false;
            } catch (RuntimeException stopping) {
                return true;
            }
        }

        private void limit() {
            if (end == null) {
                end = request.getComponents()
                        .getScheduler()
                        .schedule(this::finish, patience.toNanos(), TimeUnit.NANOSECONDS);
            }
        }

        private void finish() {
            synchronized (this) {
                if (over) {
                    return;
                }
                over = true;
                if (end != null) {
                    end.cancel();
                }
            }
            super.succeeded();
        }
    }
}
