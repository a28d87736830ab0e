package dev.safelight.delivery;

import java.util.function.Predicate;
import org.eclipse.jetty.server.Handler;
import org.jspecify.annotations.Nullable;

/// The way of a request through the delivery: memory on the thread that read it, then a virtual thread, then
/// stored variants and pictures made on demand, then whatever else the server does.
///
/// @param redirects absent where this process sends all bytes itself
/// @param images absent where only stored variants are delivered
record DeliveryChain(
        MediaMemory memory,
        RequestIndex index,
        MediaLibrary library,
        @Nullable Redirects redirects,
        ImageHandler.@Nullable Parts images,
        Exchange.Means means) {

    Handler inFrontOf(Handler rest) {
        Handler onDemand = images == null ? rest : new ImageHandler(images, memory, index, means, rest);
        Predicate<String> claims = images == null ? _ -> false : images.urls()::claims;
        Handler stored = new MediaHandler(library, redirects, means, onDemand);
        return new FrontHandler(memory, index, claims, means.metrics(), new VirtualThreadSplit(stored));
    }
}
