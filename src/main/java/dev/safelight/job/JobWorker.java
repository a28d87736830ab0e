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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// Runs the jobs of the queue in this process, a bounded number at a time, each on a virtual thread.
public final class JobWorker implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(JobWorker.class);

    // New jobs of this process wake the worker; the poll finds those of other processes and retries that fell due.
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int MISSED_HEARTBEATS_UNTIL_DEAD = 4;

    /// How long a job that was interrupted has to notice it.
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private static final Duration LOOK = Duration.ofMillis(20);

    private final Habits habits;
    private final JobRepository repository;
    private final Scheduler scheduler;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("job-", 0).factory());
    private volatile boolean running;

    /// How a worker works.
    ///
    /// @param name as it shows in the queue
    /// @param alone whether no other process can bear this name, so that jobs picked under it are orphans at start
    /// @param atOnce how many jobs run side by side
    /// @param heartbeat how often it says that it is alive
    /// @param drain how long jobs may go on when it is told to stop
    record Habits(String name, boolean alone, int atOnce, Duration heartbeat, Duration drain) {}

    JobWorker(
            Habits habits,
            DataSource dataSource,
            JobQueue queue,
            JobRepository repository,
            JobAttempt attempt,
            List<JobHandler> handlers,
            List<RecurringJob> rounds) {
        this.habits = habits;
        this.repository = repository;
        List<Task<?>> tasks = handlers.stream().<Task<?>>map(attempt::task).toList();
        List<RecurringTask<Void>> recurring =
                rounds.stream().map(JobWorker::recurringTask).toList();
        this.scheduler = Scheduler.create(dataSource, tasks)
                .startTasks(recurring)
                .schedulerName(new SchedulerName.Fixed(habits.name()))
                .threads(habits.atOnce())
                .executorService(threads)
                .pollingInterval(POLL)
                .enablePriority()
                .pollUsingLockAndFetch(0.5, 1.0)
                .heartbeatInterval(habits.heartbeat())
                .missedHeartbeatsLimit(MISSED_HEARTBEATS_UNTIL_DEAD)
                .shutdownMaxWait(FAREWELL)
                .build();
        queue.onEnqueue(() -> {
            if (running) {
                scheduler.triggerCheckForDueExecutions();
            }
        });
    }

    private static RecurringTask<Void> recurringTask(RecurringJob job) {
        return Tasks.recurring(job.name(), FixedDelay.of(job.pause()))
                .defaultPriority(TurnRepository.Band.RECURRING.priority())
                .execute((instance, context) -> {
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
        if (habits.alone()) {
            int orphans = repository.release(habits.name());
            if (orphans > 0) {
                LOG.info("Taking up {} jobs of a run that was killed", orphans);
            }
        }
        running = true;
        scheduler.start();
    }

    /// Takes no new jobs, lets those that run go on for a while, and hands back what is left.
    @Override
    public void stop() {
        running = false;
        scheduler.pause();
        awaitIdle(habits.drain());
        threads.shutdownNow();
        scheduler.stop();
        handBack();
    }

    private void awaitIdle(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (!scheduler.getCurrentlyExecuting().isEmpty() && System.nanoTime() < end) {
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /// Others need not wait until heartbeats were missed.
    private void handBack() {
        try {
            int left = repository.handBack(habits.name());
            if (left > 0) {
                LOG.info("Handed back {} jobs that were not done in time", left);
            }
        } catch (DataAccessException | TransactionException away) {
            LOG.warn("Jobs were not handed back, others will take them up later: {}", away.toString());
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
