package dev.safelight.front;

import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Counts the requests that are being answered.
///
/// Jetty's own handlers for it wrap each request, response and stream, which costs a seventh of all that an
/// answer from memory takes.
final class OpenRequests extends Handler.Wrapper {
    private final AtomicLong open = new AtomicLong();

    OpenRequests(Handler next) {
        super(next);
    }

    long count() {
        return open.get();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        open.incrementAndGet();
        boolean taken = false;
        try {
            taken = super.handle(request, response, new Callback.Nested(callback) {
                @Override
                public void completed() {
                    open.decrementAndGet();
                }
            });
        } finally {
            // Nobody else completes what nobody took.
            if (!taken) {
                open.decrementAndGet();
            }
        }
        return taken;
    }
}
