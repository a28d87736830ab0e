package dev.safelight.render;

import dev.safelight.asset.Failure;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The queue in front of the renderer, bounded by requests, by the pixels they would decode, and by time.
///
/// Who would have to wait too long is turned away: a short honest answer costs less than a late picture. What
/// takes long has half of the places at most, so that what is quick never waits behind a row of what is not.
final class Admission {
    private final Semaphore running;
    private final Semaphore slow;
    private final int maxInside;
    private final long maxPixels;
    private final Duration patience;
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicLong pixels = new AtomicLong();

    /// @param atOnce renders that run side by side
    /// @param maxWaiting further ones that may wait
    /// @param maxPixels of the sources of all of them together; one alone may have more
    /// @param patience how long one waits
    Admission(int atOnce, int maxWaiting, long maxPixels, Duration patience) {
        this.running = new Semaphore(atOnce, true);
        this.slow = new Semaphore(Math.max(1, atOnce / 2), true);
        this.maxInside = atOnce + maxWaiting;
        this.maxPixels = maxPixels;
        this.patience = patience;
    }

    /// How long a render takes, roughly.
    enum Pace {
        QUICK,
        SLOW
    }

    /// Takes a place in the queue at once, or not at all.
    ///
    /// @param sourcePixels that will be decoded
    /// @throws Failure busy, when too many are inside already
    Place enter(long sourcePixels, Pace pace) {
        Place place = new Place(sourcePixels, pace);
        long together = pixels.addAndGet(sourcePixels);
        boolean tooMany = inside.incrementAndGet() > maxInside;
        if (tooMany || (together > maxPixels && together > sourcePixels)) {
            place.close();
            throw busy();
        }
        return place;
    }

    /// A place inside, given back on close.
    final class Place implements AutoCloseable {
        private final long held;
        private final Pace pace;
        private final long deadline = System.nanoTime() + patience.toNanos();
        private boolean isSlow;
        private boolean isRunning;

        private Place(long held, Pace pace) {
            this.held = held;
            this.pace = pace;
        }

        /// Waits for its turn.
        ///
        /// @throws Failure busy, when that takes too long, counted from the moment of entering
        void start() throws InterruptedException {
            if (pace == Pace.SLOW) {
                isSlow = acquired(slow);
            }
            isRunning = acquired(running);
        }

        private boolean acquired(Semaphore permits) throws InterruptedException {
            if (!permits.tryAcquire(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                throw busy();
            }
            return true;
        }

        @Override
        public void close() {
            pixels.addAndGet(-held);
            inside.decrementAndGet();
            if (isRunning) {
                running.release();
            }
            if (isSlow) {
                slow.release();
            }
        }
    }

    /// Those that wait or run.
    int inside() {
        return inside.get();
    }

    private static Failure busy() {
        return new Failure(Failure.Kind.BUSY, "Too many pictures are being made at the moment. Try again in a moment.");
    }
}
