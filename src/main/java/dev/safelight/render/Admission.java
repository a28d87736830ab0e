package dev.safelight.render;

import dev.safelight.asset.Failure;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The queue in front of the renderer, bounded by requests, by the pixels they would decode, and by time.
///
/// Who would have to wait too long is turned away at once: a short honest answer costs less than a late
/// picture.
final class Admission {
    private final Semaphore running;
    private final int maxWaiting;
    private final long maxPixels;
    private final Duration patience;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong pixels = new AtomicLong();

    /// @param atOnce renders that run side by side
    /// @param maxWaiting further ones that may wait
    /// @param maxPixels of the sources of all of them together; one alone may have more
    /// @param patience how long one waits
    Admission(int atOnce, int maxWaiting, long maxPixels, Duration patience) {
        this.running = new Semaphore(atOnce, true);
        this.maxWaiting = maxWaiting;
        this.maxPixels = maxPixels;
        this.patience = patience;
    }

    /// A place among those that run, given back on close.
    final class Place implements AutoCloseable {
        private final long held;

        private Place(long held) {
            this.held = held;
        }

        @Override
        public void close() {
            pixels.addAndGet(-held);
            running.release();
        }
    }

    /// Waits for a place.
    ///
    /// @param sourcePixels that will be decoded
    /// @throws Failure busy, when too many wait already or it takes too long
    Place enter(long sourcePixels) throws InterruptedException {
        long together = pixels.addAndGet(sourcePixels);
        boolean entered = false;
        try {
            if (together > maxPixels && together > sourcePixels) {
                throw busy();
            }
            if (!running.tryAcquire(0, TimeUnit.SECONDS)) {
                await();
            }
            entered = true;
            return new Place(sourcePixels);
        } finally {
            if (!entered) {
                pixels.addAndGet(-sourcePixels);
            }
        }
    }

    private void await() throws InterruptedException {
        try {
            if (waiting.incrementAndGet() > maxWaiting
                    || !running.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw busy();
            }
        } finally {
            waiting.decrementAndGet();
        }
    }

    int waiting() {
        return waiting.get();
    }

    private static Failure busy() {
        return new Failure(Failure.Kind.BUSY, "Too many pictures are being made at the moment. Try again in a moment.");
    }
}
