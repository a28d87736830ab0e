package dev.safelight.render;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Does equal work at the same time once: the first who asks does it on their own thread, the others wait
/// for the result.
///
/// Nothing is remembered: whoever asks after the end begins anew.
public final class SingleFlight<T> {
    private final ConcurrentMap<String, FutureTask<T>> flights = new ConcurrentHashMap<>();

    /// The result of the work for a key, which must not ask for the same key again.
    public T join(String key, Callable<T> work) throws IOException, InterruptedException {
        FutureTask<T> mine = new FutureTask<>(work);
        FutureTask<T> running = flights.putIfAbsent(key, mine);
        if (running != null) {
            return result(running);
        }
        try {
            mine.run();
        } finally {
            flights.remove(key, mine);
        }
        return result(mine);
    }

    private static <T> T result(FutureTask<T> flight) throws IOException, InterruptedException {
        try {
            return flight.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case RuntimeException refusal -> throw refusal;
                case InterruptedException interrupted -> throw interrupted;
                case Error defect -> throw defect;
                case Throwable other -> throw new IOException(other);
                case null -> throw new IOException(failed);
            }
        }
    }
}
