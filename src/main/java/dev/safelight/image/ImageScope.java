package dev.safelight.image;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;

/// Images that are released together, on every way out of a block.
final class ImageScope implements AutoCloseable {
    private final ConcurrentLinkedDeque<NativeImage> images = new ConcurrentLinkedDeque<>();
    private final Consumer<ImageScope> atClose;

    ImageScope() {
        this(_ -> {});
    }

    ImageScope(Consumer<ImageScope> atClose) {
        this.atClose = atClose;
    }

    NativeImage keep(NativeImage image) {
        images.push(image);
        return image;
    }

    void kill() {
        images.forEach(NativeImage::kill);
    }

    @Override
    public void close() {
        atClose.accept(this);
        for (NativeImage image = images.poll(); image != null; image = images.poll()) {
            image.close();
        }
    }
}
