package dev.safelight.front;

import java.util.concurrent.atomic.AtomicBoolean;
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
        Counted counted = new Counted(callback);
        boolean taken = false;
        try {
            taken = super.handle(request, response, counted);
        } finally {
            // Nobody else completes what nobody took.
            if (!taken) {
                counted.completed();
            }
        }
        return taken;
    }

    /// Counts itself from its making to its first end.
    private final class Counted extends Callback.Nested {
        private final AtomicBoolean ended = new AtomicBoolean();

        Counted(Callback callback) {
            super(callback);
            open.incrementAndGet();
        }

        @Override
        public void completed() {
            if (ended.compareAndSet(false, true)) {
                open.decrementAndGet();
            }
        }
    }
}
