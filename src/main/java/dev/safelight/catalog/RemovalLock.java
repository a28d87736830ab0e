package dev.safelight.catalog;

import dev.safelight.asset.Failure;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Keeps objects where they are while a backup copies what its snapshot of the database names.
///
/// Whoever deletes objects that the catalogue knows, or knew a moment ago, does so within
/// [#whileRemoving]: any number of removers at a time, and none while a backup runs. A remover never
/// waits: it fails as BUSY, before it has deleted anything, and is to come again. A job that fails so is
/// retried by its queue for about an hour; one whose work must not be given up after that catches the
/// failure and enqueues itself for later, as `pipeline.RemoveLeftovers` does.
///
/// ```java
/// removals.whileRemoving(() -> store.delete(key));
/// ```
///
/// The decision what to delete belongs inside as well, or has to hold for good. Results on request
/// (`derived/`) are in no backup and need no lock. The lock is PostgreSQL's, so it holds for all processes
/// of an installation, and that of a process that died is released by itself.
@Component
public class RemovalLock {
    /// The number of the advisory lock: shared by removers for a transaction, held alone by a backup for
    /// its session.
    public static final long KEY = 7_237_116_025_001L;

    private final RemovalLockRepository repository;

    RemovalLock(RemovalLockRepository repository) {
        this.repository = repository;
    }

    /// Deletes objects in the caller's transaction, or in one of its own.
    ///
    /// @throws Failure BUSY, with nothing done, while a backup runs
    @Transactional
    public <X extends Exception> void whileRemoving(Removal<X> work) throws X {
        if (!repository.tryShare(KEY)) {
            throw new Failure(
                    Failure.Kind.BUSY, "Nothing can be removed while a backup runs. Try again when it has ended.");
        }
        work.run();
    }

    /// What is done under the lock.
    @FunctionalInterface
    public interface Removal<X extends Exception> {
        void run() throws X;
    }
}
