package dev.safelight.cli.bulk;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A queue between two stages that holds few, makes the first one wait, and has an end.
final class Channel<T> {
    private final int capacity;
    private final ArrayDeque<T> items = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean isClosed;

    Channel(int capacity) {
        this.capacity = capacity;
    }

    void put(T item) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (items.size() >= capacity) {
                changed.await();
            }
            items.add(item);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the next one; null at the end.
    @Nullable
    T take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (items.isEmpty() && !isClosed) {
                changed.await();
            }
            T item = items.poll();
            changed.signalAll();
            return item;
        } finally {
            lock.unlock();
        }
    }

    /// The next one if it is there and wanted, without waiting.
    @Nullable
    T takeIf(Predicate<T> wanted) {
        lock.lock();
        try {
            T next = items.peek();
            if (next == null || !wanted.test(next)) {
                return null;
            }
            changed.signalAll();
            return items.poll();
        } finally {
            lock.unlock();
        }
    }

    /// Nothing more will come.
    void close() {
        lock.lock();
        try {
            isClosed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
