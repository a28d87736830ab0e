package dev.safelight.event.sqs;

import dev.safelight.event.sqs.NotificationQueue.Received;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/// Keeps a batch hidden from other processes for as long as it is worked on, however long that takes.
final class HiddenBatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HiddenBatch.class);

    private final NotificationQueue queue;
    private final List<Received> batch;
    private final Duration pause;
    private final Thread keeper;
    private volatile boolean isOver;

    /// @param visibility how long the queue hides it by itself
    HiddenBatch(NotificationQueue queue, List<Received> batch, Duration visibility) {
        this.queue = queue;
        this.batch = batch;
        this.pause = visibility.dividedBy(2);
        this.keeper = Thread.ofVirtual().name("sqs-hidden-batch").start(this::extendNowAndThen);
    }

    private void extendNowAndThen() {
        try {
            while (!isOver) {
                Thread.sleep(pause);
                extend();
            }
        } catch (InterruptedException done) {
            Thread.currentThread().interrupt();
        }
    }

    private void extend() {
        try {
            queue.extend(batch);
        } catch (SdkException failed) {
            if (!isOver) {
                LOG.warn(
                        "Messages may be received twice, since they could not be kept hidden: {}", failed.getMessage());
            }
        }
    }

    /// Returns when nothing is extended any more, so that what the caller does with the messages next is the last word.
    @Override
    public void close() {
        isOver = true;
        keeper.interrupt();
        boolean interrupted = false;
        while (true) {
            try {
                keeper.join();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
