package dev.safelight.store.embedded;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/// A lock for each name, which takes memory only while somebody holds it or waits for it.
///
/// Waiting is bounded in time and in number, and whoever waits in vain is told to come back.
final class NamedLocks {
    private final Map<String, Shared> locks = new ConcurrentHashMap<>();
    private final int most;
    private final Duration patience;

    /// @param most how many may hold or await the lock of one name; the next one is sent away at once
    NamedLocks(int most, Duration patience) {
        this.most = most;
        this.patience = patience;
    }

    /// A lock that is free again when this is closed, by the thread that took it.
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    private record Shared(ReadWriteLock lock, int users) {}

    /// @throws software.amazon.awssdk.services.s3.model.S3Exception 503 when others keep it
    Held shared(String name) {
        return take(name, ReadWriteLock::readLock);
    }

    /// @throws software.amazon.awssdk.services.s3.model.S3Exception 503 when others keep it
    Held exclusive(String name) {
        return take(name, ReadWriteLock::writeLock);
    }

    boolean isEmpty() {
        return locks.isEmpty();
    }

    /// How many hold or await the lock of a name.
    int users(String name) {
        Shared found = locks.get(name);
        return found == null ? 0 : found.users();
    }

    private Held take(String name, Function<ReadWriteLock, Lock> side) {
        Lock lock = side.apply(enter(name));
        boolean held = false;
        try {
            held = lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (!held) {
                leave(name);
            }
        }
        if (!held) {
            throw busy();
        }
        return () -> {
            lock.unlock();
            leave(name);
        };
    }

    private ReadWriteLock enter(String name) {
        Shared found = locks.merge(name, new Shared(new ReentrantReadWriteLock(), 1), (old, fresh) -> {
            if (old.users() == most) {
                throw busy();
            }
            return new Shared(old.lock(), old.users() + 1);
        });
        return found.lock();
    }

    private void leave(String name) {
        locks.computeIfPresent(name, (n, old) -> old.users() == 1 ? null : new Shared(old.lock(), old.users() - 1));
    }

    private static RuntimeException busy() {
        return StoreError.SLOW_DOWN.with("The store is busy with the same upload; try again.");
    }
}
