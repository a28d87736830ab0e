package dev.safelight.image;

import java.util.concurrent.ConcurrentLinkedDeque;

/// Images that are released together, on every way out of a block.
final class ImageScope implements AutoCloseable {
    private final ConcurrentLinkedDeque<NativeImage> images = new ConcurrentLinkedDeque<>();

    NativeImage keep(NativeImage image) {
        images.push(image);
        return image;
    }

    @Override
    public void close() {
        for (NativeImage image = images.poll(); image != null; image = images.poll()) {
            image.close();
        }
    }
}
