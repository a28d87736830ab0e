package dev.safelight.delivery;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Answers what is in memory on the thread that read the request, and leaves everything else to the next handler.
///
/// It runs on the threads that serve all connections: nothing in here may wait for a store, a database or a lock.
final class FrontHandler extends Handler.Wrapper {
    private final MediaMemory memory;
    private final DeliveryMetrics metrics;

    FrontHandler(MediaMemory memory, DeliveryMetrics metrics, Handler next) {
        super(next);
        this.memory = memory;
        this.metrics = metrics;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        return answerFromMemory(request, response, callback) || super.handle(request, response, callback);
    }

    private boolean answerFromMemory(Request request, Response response, Callback callback) {
        String path = request.getHttpURI().getPath();
        if (path == null || !path.startsWith(MediaPath.ROOT)) {
            return false;
        }
        boolean head = request.getMethod().equals("HEAD");
        if (!head && !request.getMethod().equals("GET")) {
            return false;
        }
        HotVariant variant = memory.trusted(path);
        if (variant == null) {
            return false;
        }
        Answer answer = Answer.to(RequestFields.read(request, head), variant.representation());
        long sent = variant.answer(answer, head, response, callback);
        if (sent < 0) {
            return false;
        }
        metrics.hit(sent);
        return true;
    }
}
