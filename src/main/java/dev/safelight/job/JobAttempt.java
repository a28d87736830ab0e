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
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Runs one attempt of a job and decides what becomes of it: done, tried again, or given up.
@Component
final class JobAttempt {
    private static final Logger LOG = LoggerFactory.getLogger(JobAttempt.class);
    private static final int MAX_ERROR_LENGTH = 8000;

    private final JobRepository repository;
    private final TransactionTemplate transaction;
    private final InstantSource clock;
    private final MeterRegistry metrics;
    private final RetryPolicy policy;
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
        return Tasks.custom(handler.kind(), Void.class).execute((instance, context) -> {
            NextTime next = run(handler, instance.getId());
            return (complete, operations) -> settle(next, complete, operations);
        });
    }

    private static void settle(NextTime next, ExecutionComplete complete, ExecutionOperations<Void> operations) {
        switch (next) {
            case NextTime.Never() -> operations.remove();
            case NextTime.At(Instant when) -> operations.reschedule(complete, when);
        }
    }

    private NextTime run(JobHandler handler, String instance) {
        Instant started = clock.instant();
        long runId = repository.begin(handler.kind(), instance, started);
        Attempts before = repository.attempts(handler.kind(), instance);
        JobRun run = new JobRun(instance);
        try (var ignored = MDC.putCloseable("job", handler.kind() + "/" + instance)) {
            if (before.lost() >= policy.maxLost()) {
                return giveUp(handler, runId, run, before, Reason.INTERNAL, "each attempt took its process down");
            }
            handler.run(run);
            repository.finish(runId, Outcome.SUCCEEDED, "", run.steps(), clock.instant());
            count(handler, "succeeded");
            return new NextTime.Never();
        } catch (InterruptedException stopped) {
            // The process is going down: leave the job to the next one, which sees a lost attempt.
            Thread.currentThread().interrupt();
            return new NextTime.At(started);
        } catch (IOException | DataAccessException failed) {
            return tryAgain(handler, runId, run, before, failed);
        } catch (Failure failed) {
            return switch (failed.kind()) {
                case UNAVAILABLE, BUSY -> tryAgain(handler, runId, run, before, failed);
                case INVALID, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, CONFLICT, TOO_LARGE, UNSUPPORTED -> {
                    Reason reason = failed.reason();
                    yield giveUp(handler, runId, run, before, reason == null ? Reason.INTERNAL : reason, trace(failed));
                }
            };
        } catch (RuntimeException | LinkageError defect) {
            if (Thread.currentThread().isInterrupted()) {
                return new NextTime.At(started);
            }
            LOG.error("A job ended in a defect", defect);
            return giveUp(handler, runId, run, before, Reason.INTERNAL, trace(defect));
        }
    }

    private NextTime tryAgain(JobHandler handler, long runId, JobRun run, Attempts before, Exception failed) {
        int failures = before.failed() + 1;
        if (failures >= policy.maxFailures()) {
            return giveUp(handler, runId, run, before, Reason.RETRIES_EXHAUSTED, trace(failed));
        }
        Instant next = clock.instant().plus(policy.pauseAfter(failures, random));
        LOG.warn("Attempt {} failed, trying again at {}: {}", failures, next, failed.toString());
        repository.finish(runId, Outcome.RETRYING, trace(failed), run.steps(), clock.instant());
        count(handler, "retrying");
        return new NextTime.At(next);
    }

    private NextTime giveUp(JobHandler handler, long runId, JobRun run, Attempts before, Reason reason, String error) {
        JobEnd end = new JobEnd(reason, error, before.failed() + before.lost() + 1);
        LOG.warn("Giving up after {} attempts: {}", end.attempts(), reason);
        transaction.executeWithoutResult(status -> {
            handler.abandon(run.instance(), end);
            repository.bury(handler.kind(), run.instance(), end, clock.instant());
            repository.finish(runId, Outcome.DEAD, error, run.steps(), clock.instant());
        });
        count(handler, "dead");
        return new NextTime.Never();
    }

    private void count(JobHandler handler, String outcome) {
        metrics.counter("safelight.jobs", "kind", handler.kind(), "outcome", outcome)
                .increment();
    }

    private static String trace(Throwable failed) {
        StringWriter text = new StringWriter();
        failed.printStackTrace(new PrintWriter(text));
        return text.getBuffer().length() > MAX_ERROR_LENGTH
                ? text.getBuffer().substring(0, MAX_ERROR_LENGTH)
                : text.toString();
    }

    /// When a job runs next.
    private sealed interface NextTime {
        record Never() implements NextTime {}

        record At(Instant when) implements NextTime {}
    }
}
