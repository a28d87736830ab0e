package dev.safelight.delivery;

import org.eclipse.jetty.server.Handler;

/// The way of a request through the delivery: memory on the thread that read it, then a virtual thread, then stored
/// variants and pictures made on demand, then whatever else the server does.
record DeliveryChain(
        MediaMemory memory,
        RequestIndex index,
        MediaLibrary library,
        ImageHandler.Parts images,
        Exchange.Means means) {

    Handler inFrontOf(Handler rest) {
        Handler onDemand = new ImageHandler(images, memory, index, means, rest);
        Handler stored = new MediaHandler(library, means, onDemand);
        return new FrontHandler(memory, index, images.urls(), means.metrics(), new VirtualThreadSplit(stored));
    }
}
