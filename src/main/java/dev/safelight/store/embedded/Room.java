package dev.safelight.store.embedded;

import java.util.Optional;
import java.util.concurrent.Semaphore;

/// How many requests of one kind may run at a time; whoever finds it full is sent away at once.
final class Room {
    private final int size;
    private final Semaphore places;

    Room(int size) {
        this.size = size;
        this.places = new Semaphore(size);
    }

    /// A place in the room, free again when it is closed.
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    int size() {
        return size;
    }

    Optional<Place> tryEnter() {
        return places.tryAcquire() ? Optional.of(places::release) : Optional.empty();
    }

    /// @throws software.amazon.awssdk.services.s3.model.S3Exception 503 when it is full
    Place enter() {
        return tryEnter().orElseThrow(() -> StoreError.SLOW_DOWN.with("Too many requests at a time; try again."));
    }
}
