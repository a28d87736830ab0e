package dev.safelight.delivery;

import java.util.function.Predicate;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Answers what is in memory on the thread that read the request, and leaves everything else to the
/// next handler.
///
/// It runs on the threads that serve all connections: nothing in here may wait for a store, a
/// database or a lock.
final class FrontHandler extends Handler.Wrapper {
    private final MediaMemory memory;
    private final RequestIndex index;
    private final Predicate<String> onDemand;
    private final DeliveryMetrics metrics;

    /// @param onDemand tells whether a path asks for a picture that is made on demand
    FrontHandler(
            MediaMemory memory, RequestIndex index, Predicate<String> onDemand, DeliveryMetrics metrics, Handler next) {
        super(next);
        this.memory = memory;
        this.index = index;
        this.onDemand = onDemand;
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
        boolean head = request.getMethod().equals("HEAD");
        if (!head && !request.getMethod().equals("GET")) {
            return false;
        }
        String view = viewOf(request);
        HotVariant variant = view == null ? null : memory.trusted(view);
        if (variant == null) {
            return false;
        }
        Answer answer = Answer.to(RequestFields.read(request, head), variant.representation());
        long sent = variant.answer(answer, head, request, response, callback);
        if (sent < 0) {
            return false;
        }
        metrics.hit(variant.representation(), sent);
        return true;
    }

    /// The name in memory of what a request asks for.
    private @Nullable String viewOf(Request request) {
        String path = request.getHttpURI().getPath();
        if (path == null) {
            return null;
        }
        return path.startsWith(MediaPath.ROOT) ? path : onDemand.test(path) ? index.find(request, memory) : null;
    }
}
