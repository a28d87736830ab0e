package dev.safelight.image;

import dev.safelight.asset.Failure;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Bounds the memory of the pictures that are processed at the same time, and how many renders may wait for their turn.
final class MemoryBudget {
    /// A permit stands for this many bytes, so that the count fits a semaphore.
    private static final int GRAIN = 4096;

    private final int total;
    private final int maxWaiting;
    private final Semaphore permits;
    private final AtomicInteger waiting = new AtomicInteger();

    MemoryBudget(long bytes, int maxWaiting) {
        this.total = (int) Math.max(1, bytes / GRAIN);
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

    /// Waits for a share; a picture that needs more than the whole budget gets all of it and runs alone.
    ///
    /// @throws Failure busy, when too many wait already
    Share take(long bytes) throws InterruptedException {
        int count = Math.clamp(bytes / GRAIN, 1, total);
        // Unlike the method without a time, this one does not overtake those who wait.
        if (permits.tryAcquire(count, 0, TimeUnit.SECONDS)) {
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
