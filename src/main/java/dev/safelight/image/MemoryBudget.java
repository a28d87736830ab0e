package dev.safelight.image;

import dev.safelight.asset.Failure;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/// Bounds the pixels that are decoded at the same time, and how many renders may wait for their turn.
final class PixelBudget {
    /// A permit stands for this many pixels, so that the count fits a semaphore.
    private static final int GRAIN = 1024;

    private final int total;
    private final int maxWaiting;
    private final Semaphore permits;
    private final AtomicInteger waiting = new AtomicInteger();

    PixelBudget(long pixels, int maxWaiting) {
        this.total = (int) Math.max(1, pixels / GRAIN);
        this.maxWaiting = maxWaiting;
        this.permits = new Semaphore(total, true);
    }

    /// A share of the budget, given back on close.
    final class Share implements AutoCloseable {
        private final int count;

        private Share(int count) {
            this.count = count;
        }

        @Override
        public void close() {
            permits.release(count);
        }
    }

    /// Waits for a share; a picture that is larger than the whole budget gets all of it and runs alone.
    ///
    /// @throws Failure busy, when too many wait already
    Share take(long pixels) throws InterruptedException {
        int count = Math.clamp(pixels / GRAIN, 1, total);
        if (permits.tryAcquire(count)) {
            return new Share(count);
        }
        try {
            if (waiting.incrementAndGet() > maxWaiting) {
                throw new Failure(Failure.Kind.BUSY, "Too many pictures are waiting to be rendered; try again later.");
            }
            permits.acquire(count);
            return new Share(count);
        } finally {
            waiting.decrementAndGet();
        }
    }
}
