package dev.safelight.delivery;

import dev.safelight.access.SessionPath;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Moves each request to a virtual thread of its own, where the handlers below may block.
final class VirtualThreadSplit extends Handler.Wrapper {
    private static final Logger LOG = LoggerFactory.getLogger(VirtualThreadSplit.class);

    VirtualThreadSplit(Handler next) {
        super(next);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Thread.startVirtualThread(() -> handleBlocking(request, response, callback));
        return true;
    }

    private void handleBlocking(Request request, Response response, Callback callback) {
        try {
            if (!super.handle(request, response, callback)) {
                Response.writeError(request, response, callback, 404);
            }
        } catch (Throwable failed) {
            // As Jetty's own threads do: whatever happened, a callback that is never called would hold the connection.
            LOG.error(
                    "A defect ended {} {}",
                    request.getMethod(),
                    SessionPath.withoutToken(request.getHttpURI().getPath()),
                    failed);
            Response.writeError(request, response, callback, failed);
        }
    }
}
