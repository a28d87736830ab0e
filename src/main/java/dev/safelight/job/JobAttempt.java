package dev.safelight.job;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Reason;
import dev.safelight.job.JobRepository.Attempts;
import dev.safelight.job.JobRepository.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/// Runs one attempt of a job and decides what becomes of it: done, tried again, or given up.
@Component
final class JobAttempt {
    private static final Logger LOG = LoggerFactory.getLogger(JobAttempt.class);
    private static final int MAX_ERROR_LENGTH = 8000;

    /// Lost attempts after which a job runs alone.
    private static final int SUSPICIOUS = 2;

    private final JobRepository repository;
    private final TransactionTemplate transaction;
    private final InstantSource clock;
    private final MeterRegistry metrics;
    private final RetryPolicy policy;
    private final ReadWriteLock turns = new ReentrantReadWriteLock();
    private final RandomGenerator random = RandomGenerator.getDefault();

    JobAttempt(
            JobRepository repository,
            TransactionTemplate transaction,
            InstantSource clock,
            MeterRegistry metrics,
            RetryPolicy policy) {
        this.repository = repository;
        this.transaction = transaction;
        this.clock = clock;
        this.metrics = metrics;
        this.policy = policy;
    }

    /// What the scheduler runs for a kind of job.
    Task<Void> task(JobHandler handler) {
        return Tasks.custom(handler.kind(), Void.class)
                .onFailure((complete, operations) -> operations.reschedule(
                        complete, clock.instant().plus(policy.first().multipliedBy(5))))
                .execute((instance, context) -> {
                    NextTime next = run(new Execution(handler, instance.getId(), context.getExecution().version));
                    return (complete, operations) -> settle(next, complete, operations);
                });
    }

    private static void settle(NextTime next, ExecutionComplete complete, ExecutionOperations<Void> operations) {
        switch (next) {
            case NextTime.Never() -> {
                // Taken out of the queue already, together with what the attempt has to say.
            }
            case NextTime.At(Instant when) -> operations.reschedule(complete, when);
        }
    }

    private NextTime run(Execution execution) {
        boolean wasLost = repository.markLost(execution.kind(), execution.instance(), clock.instant());
        Attempts before = repository.attempts(execution.kind(), execution.instance());
        Duration pause = policy.pauseAfterLoss(before.lost());
        if (wasLost && before.lost() < policy.maxLost() && pause.isPositive()) {
            LOG.warn("Attempt {} took its process down, trying again after {} s", before.lost(), pause.toSeconds());
            return new NextTime.At(clock.instant().plus(pause));
        }
        // One of several jobs that were lost together may be what takes the process down: it must not take the others
        // along again.
        Lock turn = before.lost() >= SUSPICIOUS ? turns.writeLock() : turns.readLock();
        turn.lock();
        try (var ignored = MDC.putCloseable("job", execution.kind() + "/" + execution.instance())) {
            return attempt(execution, before);
        } finally {
            turn.unlock();
        }
    }

    private NextTime attempt(Execution execution, Attempts before) {
        Instant started = clock.instant();
        long runId = repository.begin(execution.kind(), execution.instance(), started);
        JobRun run = new JobRun(execution.instance(), before.any());
        Attempt attempt = new Attempt(execution, runId, run, before);
        try {
            if (before.lost() >= policy.maxLost()) {
                return giveUp(attempt, Reason.INTERNAL, "each attempt took its process down");
            }
            execution.handler().run(run);
            return succeed(attempt);
        } catch (InterruptedException stopped) {
            return stop(attempt, started);
        } catch (Failure failed) {
            return switch (failed.kind()) {
                case UNAVAILABLE, BUSY -> tryAgain(attempt, failed);
                case INVALID, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, CONFLICT, TOO_LARGE, UNSUPPORTED, UNREADABLE -> {
                    Reason reason = failed.reason();
                    yield giveUp(attempt, reason == null ? Reason.INTERNAL : reason, trace(failed));
                }
            };
        } catch (IOException
                | TransientDataAccessException
                | DataAccessResourceFailureException
                | RecoverableDataAccessException
                | CannotCreateTransactionException failed) {
            return tryAgain(attempt, failed);
        } catch (RuntimeException | LinkageError defect) {
            if (Thread.currentThread().isInterrupted()) {
                return stop(attempt, started);
            }
            LOG.error("A job ended in a defect", defect);
            return giveUp(attempt, Reason.INTERNAL, trace(defect));
        }
    }

    private NextTime succeed(Attempt attempt) {
        transaction.executeWithoutResult(status -> {
            if (attempt.run().isUneventful()) {
                repository.forgetRun(attempt.runId());
            } else {
                repository.finish(
                        attempt.runId(), Outcome.SUCCEEDED, "", attempt.run().steps(), clock.instant());
            }
            takeOut(attempt.execution());
        });
        count(attempt, "succeeded");
        return new NextTime.Never();
    }

    /// The process is going down: the next one takes the job up, and this attempt counts as no failure.
    private NextTime stop(Attempt attempt, Instant started) {
        Thread.interrupted();
        repository.finish(attempt.runId(), Outcome.STOPPED, "", attempt.run().steps(), clock.instant());
        Thread.currentThread().interrupt();
        return new NextTime.At(started);
    }

    private NextTime tryAgain(Attempt attempt, Exception failed) {
        int failures = attempt.before().failed() + 1;
        if (failures >= policy.maxFailures()) {
            return giveUp(attempt, Reason.RETRIES_EXHAUSTED, trace(failed));
        }
        Instant next = clock.instant().plus(policy.pauseAfter(failures, random));
        LOG.warn("Attempt {} failed, trying again at {}: {}", failures, next, failed.toString());
        repository.finish(
                attempt.runId(), Outcome.RETRYING, trace(failed), attempt.run().steps(), clock.instant());
        count(attempt, "retrying");
        return new NextTime.At(next);
    }

    private NextTime giveUp(Attempt attempt, Reason reason, String error) {
        Attempts before = attempt.before();
        JobEnd end = new JobEnd(reason, error, before.failed() + before.lost() + 1);
        LOG.warn("Giving up after {} attempts: {}", end.attempts(), reason);
        Execution execution = attempt.execution();
        transaction.executeWithoutResult(status -> {
            // Whoever took it for lost works on it, and will say how it ends.
            if (!takeOut(execution)) {
                return;
            }
            execution.handler().abandon(execution.instance(), end);
            repository.bury(execution.kind(), execution.instance(), end, clock.instant());
            repository.finish(
                    attempt.runId(), Outcome.DEAD, error, attempt.run().steps(), clock.instant());
        });
        count(attempt, "dead");
        return new NextTime.Never();
    }

    // In the transaction that says how the job ended, so that a job enqueued a moment later is a new one.
    private boolean takeOut(Execution execution) {
        return repository.remove(execution.kind(), execution.instance(), execution.version());
    }

    private void count(Attempt attempt, String outcome) {
        metrics.counter("safelight.jobs", "kind", attempt.execution().kind(), "outcome", outcome)
                .increment();
    }

    private static String trace(Throwable failed) {
        StringWriter text = new StringWriter();
        failed.printStackTrace(new PrintWriter(text));
        return text.getBuffer().length() > MAX_ERROR_LENGTH
                ? text.getBuffer().substring(0, MAX_ERROR_LENGTH)
                : text.toString();
    }

    /// A job as the queue handed it out.
    ///
    /// @param version of its row in the queue
    private record Execution(JobHandler handler, String instance, long version) {
        String kind() {
            return handler.kind();
        }
    }

    private record Attempt(Execution execution, long runId, JobRun run, Attempts before) {}

    /// When a job runs next.
    private sealed interface NextTime {
        record Never() implements NextTime {}

        record At(Instant when) implements NextTime {}
    }
}
