package dev.safelight.delivery;

import dev.safelight.access.Caller;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jetty.server.Handler;
import tools.jackson.databind.ObjectMapper;

/// The way of a request through the delivery: memory on the thread that read it, then a virtual thread, then the
/// store, then whatever else the server does.
record DeliveryChain(
        MediaMemory memory,
        MediaLibrary library,
        Function<String, Optional<Caller>> keys,
        DeliveryMetrics metrics,
        ObjectMapper json) {

    Handler inFrontOf(Handler rest) {
        Handler media = new MediaHandler(library, new Exchange.Means(keys, metrics, json), rest);
        return new FrontHandler(memory, metrics, new VirtualThreadSplit(media));
    }
}
