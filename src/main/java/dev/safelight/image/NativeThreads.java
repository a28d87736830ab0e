package dev.safelight.image;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/// Platform threads for native calls: as many as cores, because a native call holds its carrier and computes.
///
/// Work that computes for too long is given up by a watchdog: who waits for it hears so at once.
final class NativeThreads implements AutoCloseable {
    /// How long work may go on after the end was asked for.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final System.Logger LOG = System.getLogger(NativeThreads.class.getName());

    private final ExecutorService threads;
    private final ScheduledThreadPoolExecutor watchdog;
    private final Set<NativeWork<?>> running = ConcurrentHashMap.newKeySet();
    private final Duration time;
    private final Duration patience;

    NativeThreads(int count, Duration time, Runnable atThreadEnd) {
        this(count, time, PATIENCE, atThreadEnd);
    }

    NativeThreads(int count, Duration time, Duration patience, Runnable atThreadEnd) {
        ThreadFactory factory = Thread.ofPlatform().name("image-", 1).daemon().factory();
        this.threads = Executors.newFixedThreadPool(
                count,
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
    }

    /// @param kill aborts the images that the work computes from
    <T> NativeWork<T> submit(KillSwitch kill, Callable<T> work) {
        NativeWork<T> task = new NativeWork<>(work, kill, watchdog, time);
        running.add(task);
        task.whenEnded(() -> running.remove(task));
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            task.discard();
        }
        return task;
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
