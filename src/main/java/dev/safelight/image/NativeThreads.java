package dev.safelight.image;

import dev.safelight.asset.Failure;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Platform threads for native calls: as many as cores, because a native call holds its carrier and computes.
///
/// Work that computes for too long is given up by a watchdog: who waits for it hears so at once. A thread that does
/// not come back from such work even then is stuck, and another takes its place until it does. There are as many of
/// these as there are threads; when more are stuck, only a new process helps, and work is refused until then.
final class NativeThreads implements AutoCloseable {
    /// How long work may go on after the end was asked for.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// How long after it was given up work may take to notice, before its thread counts as stuck.
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final System.Logger LOG = System.getLogger(NativeThreads.class.getName());

    private final int count;
    private final ThreadPoolExecutor threads;
    private final ScheduledThreadPoolExecutor watchdog;
    private final Set<NativeWork<?>> running = ConcurrentHashMap.newKeySet();
    private final Duration time;
    private final Duration patience;
    private final Duration grace;
    private int stuck;

    NativeThreads(int count, Duration time, Runnable atThreadEnd) {
        this(count, time, PATIENCE, GRACE, atThreadEnd);
    }

    NativeThreads(int count, Duration time, Duration patience, Duration grace, Runnable atThreadEnd) {
        this.count = count;
        ThreadFactory factory = Thread.ofPlatform().name("image-", 1).daemon().factory();
        this.threads = new ThreadPoolExecutor(
                count,
                count,
                0,
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(),
                work -> factory.newThread(() -> {
                    try {
                        work.run();
                    } finally {
                        atThreadEnd.run();
                    }
                }));
        this.watchdog = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("image-watchdog").daemon().factory());
        this.watchdog.setRemoveOnCancelPolicy(true);
        this.time = time;
        this.patience = patience;
        this.grace = grace;
    }

    /// @param kill aborts the images that the work computes from
    /// @throws Failure unavailable, when too many threads are stuck
    <T> NativeWork<T> submit(KillSwitch kill, Callable<T> work) {
        if (!isHealthy()) {
            throw new Failure(Failure.Kind.UNAVAILABLE, "Pictures cannot be processed at the moment; try again later.");
        }
        NativeWork<T> task = new NativeWork<>(work, kill, watchdog, time, grace, this::countStuck);
        running.add(task);
        task.whenEnded(() -> running.remove(task));
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            task.discard();
        }
        return task;
    }

    /// Whether threads that are stuck could all be replaced.
    synchronized boolean isHealthy() {
        return stuck <= count;
    }

    /// The threads that are meant to run, stuck ones included.
    synchronized int size() {
        return threads.getMaximumPoolSize();
    }

    private synchronized void countStuck(boolean begins) {
        stuck += begins ? 1 : -1;
        int wanted = count + Math.min(stuck, count);
        LOG.log(
                System.Logger.Level.WARNING,
                "Native threads that do not come back from a picture: " + stuck + ", replaced: " + (wanted - count));
        // Neither bound may cross the other on the way.
        if (wanted > threads.getMaximumPoolSize()) {
            threads.setMaximumPoolSize(wanted);
            threads.setCorePoolSize(wanted);
        } else {
            threads.setCorePoolSize(wanted);
            threads.setMaximumPoolSize(wanted);
        }
    }

    /// Waits for work in progress, but not for ever, and cancels what has not started then.
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Work on pictures goes on after " + patience + "; it is left behind.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow().forEach(task -> ((NativeWork<?>) task).discard());
        running.forEach(NativeWork::cancel);
        watchdog.shutdown();
    }
}
