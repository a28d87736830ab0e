package dev.safelight.job;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Takes jobs in. A job becomes visible to workers with the commit of the caller's transaction, or not at all.
@Component
public final class JobQueue {
    private final JobRepository repository;
    private final TurnRepository turns;
    private final InstantSource clock;
    private final List<Runnable> wakers = new CopyOnWriteArrayList<>();

    JobQueue(JobRepository repository, TurnRepository turns, InstantSource clock) {
        this.repository = repository;
        this.turns = turns;
        this.clock = clock;
    }

    /// Adds a job that waits for its flow's turn, unless the same one is waiting or running already. One that was to
    /// give
    /// way to all others waits for that turn from now on.
    public void enqueue(String kind, String instance, Flow flow) {
        turns.enqueue(kind, instance, flow, clock.instant());
        wakeAfterCommit();
    }

    /// Adds a short job that goes before all that wait for a turn, unless the same one (kind and instance) is waiting
    /// or running already.
    public void enqueue(String kind, String instance) {
        repository.enqueue(kind, instance, TurnRepository.Band.IN_LINE, clock.instant());
        wakeAfterCommit();
    }

    /// Adds a job that gives way to all others, unless the same one is waiting or running already.
    public void enqueueBehind(String kind, String instance) {
        repository.enqueue(kind, instance, TurnRepository.Band.LAST, clock.instant());
        wakeAfterCommit();
    }

    /// Adds a job that does not run before some time has passed, unless the same one is waiting or running already.
    public void enqueueAfter(Duration pause, String kind, String instance) {
        repository.enqueue(
                kind, instance, TurnRepository.Band.IN_LINE, clock.instant().plus(pause));
    }

    /// Whether more jobs are due than that, not counting those that give way to all others.
    public boolean hasMoreDue(int bound) {
        return repository.countDue(clock.instant(), bound + 1) > bound;
    }

    /// Whether a job waits or runs, was given up, or is none of these.
    public State state(String kind, String instance) {
        return repository.state(kind, instance);
    }

    /// Where a job stands.
    public enum State {
        OPEN,
        DEAD,
        NONE
    }

    private void wakeAfterCommit() {
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    wakeWorkers();
                }
            });
        } else {
            wakeWorkers();
        }
    }

    /// Has workers of this process look at once instead of at their next poll.
    void onEnqueue(Runnable waker) {
        wakers.add(waker);
    }

    private void wakeWorkers() {
        wakers.forEach(Runnable::run);
    }
}
