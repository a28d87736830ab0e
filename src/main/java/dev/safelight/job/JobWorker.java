package dev.safelight.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Runs the jobs of the queue in this process, a bounded number at a time, each on a virtual thread.
public final class JobWorker implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(JobWorker.class);

    // New jobs of this process wake the worker; the poll finds those of other processes and retries that fell due.
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final int MISSED_HEARTBEATS_UNTIL_DEAD = 4;
    private static final Duration DRAIN = Duration.ofSeconds(20);

    private final String name;
    private final boolean alone;
    private final JobRepository repository;
    private final Scheduler scheduler;
    private volatile boolean running;

    /// @param name of this worker, as it shows in the queue
    /// @param alone whether no other process can bear this name, so that jobs picked under it are orphans at start
    /// @param atOnce how many jobs run side by side
    JobWorker(
            String name,
            boolean alone,
            int atOnce,
            DataSource dataSource,
            JobQueue queue,
            JobRepository repository,
            JobAttempt attempt,
            List<JobHandler> handlers,
            List<RecurringJob> rounds) {
        this.name = name;
        this.alone = alone;
        this.repository = repository;
        List<Task<?>> tasks = handlers.stream().<Task<?>>map(attempt::task).toList();
        List<RecurringTask<Void>> recurring =
                rounds.stream().map(JobWorker::recurringTask).toList();
        this.scheduler = Scheduler.create(dataSource, tasks)
                .startTasks(recurring)
                .schedulerName(new SchedulerName.Fixed(name))
                .threads(atOnce)
                .executorService(Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("job-", 0).factory()))
                .pollingInterval(POLL)
                .enablePriority()
                .pollUsingLockAndFetch(0.5, 1.0)
                .heartbeatInterval(HEARTBEAT)
                .missedHeartbeatsLimit(MISSED_HEARTBEATS_UNTIL_DEAD)
                .shutdownMaxWait(DRAIN)
                .build();
        queue.onEnqueue(() -> {
            if (running) {
                scheduler.triggerCheckForDueExecutions();
            }
        });
    }

    private static RecurringTask<Void> recurringTask(RecurringJob job) {
        return Tasks.recurring(job.name(), FixedDelay.of(job.pause())).execute((instance, context) -> {
            try {
                job.run();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public void start() {
        if (alone) {
            int orphans = repository.release(name);
            if (orphans > 0) {
                LOG.info("Taking up {} jobs of a run that was killed", orphans);
            }
        }
        running = true;
        scheduler.start();
    }

    @Override
    public void stop() {
        running = false;
        scheduler.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
