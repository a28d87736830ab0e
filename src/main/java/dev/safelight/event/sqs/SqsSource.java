package dev.safelight.event.sqs;

import dev.safelight.event.sqs.NotificationQueue.Received;
import dev.safelight.job.JobQueue;
import dev.safelight.web.DatabaseOutage;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import software.amazon.awssdk.core.exception.SdkException;

/// Receives notifications from a queue of SQS for as long as the process runs; several processes may share a queue.
///
/// A message is deleted once the inbox has committed what it tells, so that one that a process dies over comes again.
/// Nothing is received while more jobs are due than this and other workers can do soon: the queue keeps the rest, and
/// there it can be seen.
final class SqsSource implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(SqsSource.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration CROWDED_PAUSE = Duration.ofSeconds(1);
    private static final Duration DRAIN = Duration.ofSeconds(20);

    private final SqsSettings settings;
    private final TakeBatch takeBatch;
    private final JobQueue jobs;
    private final InstantSource clock;

    private @Nullable Thread thread;
    private boolean interruptible;
    private volatile boolean running;
    private volatile @Nullable Instant failingSince;

    SqsSource(SqsSettings settings, TakeBatch takeBatch, JobQueue jobs, MeterRegistry metrics, InstantSource clock) {
        this.settings = settings;
        this.takeBatch = takeBatch;
        this.jobs = jobs;
        this.clock = clock;
        Gauge.builder("safelight.events.sqs.failing.seconds", this, SqsSource::failingSeconds)
                .description("For how long the queue could not be read; 0 while it can")
                .register(metrics);
    }

    private double failingSeconds() {
        Instant since = failingSince;
        return since == null ? 0 : Duration.between(since, clock.instant()).toMillis() / 1000.0;
    }

    @Override
    public synchronized void start() {
        NotificationQueue queue = new NotificationQueue(settings);
        running = true;
        thread = Thread.ofVirtual().name("sqs-source").start(() -> run(queue));
    }

    private void run(NotificationQueue queue) {
        Duration pause = FIRST_PAUSE;
        try (queue) {
            while (running) {
                try {
                    turn(queue);
                    pause = FIRST_PAUSE;
                } catch (RuntimeException failed) {
                    note(queue, failed, pause);
                    pauseFor(pause);
                    pause = longer(pause);
                }
            }
        } catch (InterruptedException stopped) {
            LOG.debug("Stopped between two batches");
        } finally {
            if (running) {
                failingSince = clock.instant();
                LOG.error("The queue {} is read no more, by a defect; start the process again", settings.queueUrl());
            }
        }
    }

    private void turn(NotificationQueue queue) throws InterruptedException {
        if (jobs.hasMoreDue(settings.mostWaiting())) {
            pauseFor(CROWDED_PAUSE);
            return;
        }
        List<Received> batch = receive(queue);
        if (failingSince != null) {
            failingSince = null;
            LOG.info("The queue {} can be read again", settings.queueUrl());
        }
        if (!batch.isEmpty()) {
            settle(queue, batch);
        }
    }

    private List<Received> receive(NotificationQueue queue) throws InterruptedException {
        beInterruptible();
        try {
            return queue.receive();
        } finally {
            beUninterruptible();
        }
    }

    /// Returns when the batch is deleted, or is given back because the process stops.
    private void settle(NotificationQueue queue, List<Received> batch) throws InterruptedException {
        List<Received> taken = List.of();
        boolean isOver = false;
        try (HiddenBatch hidden = new HiddenBatch(queue, batch, settings.visibility())) {
            taken = takeWhenPossible(batch);
            isOver = true;
        } finally {
            if (!isOver) {
                queue.giveBack(batch);
            }
        }
        queue.delete(taken);
    }

    /// The database may be away for a while. The messages stay hidden meanwhile, and nothing else is received.
    private List<Received> takeWhenPossible(List<Received> batch) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (running) {
            try {
                return takeBatch.take(batch);
            } catch (RuntimeException failed) {
                if (!DatabaseOutage.is(failed)) {
                    throw failed;
                }
                LOG.warn("{} messages wait for the database: {}", batch.size(), failed.getMessage());
                pauseFor(pause);
                pause = longer(pause);
            }
        }
        throw new InterruptedException("stopped with a batch in hand");
    }

    private void note(NotificationQueue queue, RuntimeException failed, Duration pause) {
        if (!running) {
            return;
        }
        switch (failed) {
            case SdkException refused -> {
                if (failingSince == null) {
                    failingSince = clock.instant();
                }
                LOG.warn("{} Trying again in {} s.", queue.explain(refused), pause.toSeconds());
            }
            case RuntimeException outage
            when DatabaseOutage.is(outage) ->
                LOG.warn("Nothing is received while the database is away: {}", outage.getMessage());
            default -> LOG.error("A defect kept a batch of messages from being taken in", failed);
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    private void pauseFor(Duration pause) throws InterruptedException {
        beInterruptible();
        try {
            Thread.sleep(pause);
        } finally {
            beUninterruptible();
        }
    }

    // Stopping cuts waiting short and nothing else: an interrupt would tear the connection to the database.
    private synchronized void beInterruptible() throws InterruptedException {
        if (!running) {
            throw new InterruptedException("stopped");
        }
        interruptible = true;
    }

    private synchronized void beUninterruptible() {
        interruptible = false;
        Thread.interrupted();
    }

    @Override
    public void stop() {
        Thread stopping;
        synchronized (this) {
            running = false;
            stopping = thread;
            if (stopping != null && interruptible) {
                stopping.interrupt();
            }
        }
        try {
            if (stopping != null && !stopping.join(DRAIN)) {
                LOG.warn("A batch of messages is left behind: it comes again");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
