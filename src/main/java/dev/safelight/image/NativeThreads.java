package dev.safelight.image;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/// Platform threads for native calls: as many as cores, because a native call holds its carrier and computes.
final class NativeThreads implements AutoCloseable {
    private final ExecutorService threads;

    NativeThreads(int count, Runnable atThreadEnd) {
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
    }

    <T> Future<T> submit(Callable<T> work) {
        return threads.submit(work);
    }

    @Override
    public void close() {
        threads.close();
    }
}
