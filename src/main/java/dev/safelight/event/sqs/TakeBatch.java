package dev.safelight.event.sqs;

import dev.safelight.asset.Failure;
import dev.safelight.event.EventMetrics;
import dev.safelight.event.EventSource;
import dev.safelight.event.Inbox;
import dev.safelight.event.RefusedNotifications;
import dev.safelight.event.StoreEvent;
import dev.safelight.event.StoreEventParser;
import dev.safelight.event.sqs.NotificationQueue.Received;
import dev.safelight.web.DatabaseOutage;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes in what a batch of messages tells, and says which of them the queue can forget.
final class TakeBatch {
    private static final Logger LOG = LoggerFactory.getLogger(TakeBatch.class);

    private final StoreEventParser parser;
    private final Inbox inbox;
    private final RefusedNotifications refused;
    private final EventMetrics metrics;
    private final int tries;

    /// @param tries how often a message that cannot be read is received until it is put aside
    TakeBatch(StoreEventParser parser, Inbox inbox, RefusedNotifications refused, EventMetrics metrics, int tries) {
        this.parser = parser;
        this.inbox = inbox;
        this.refused = refused;
        this.metrics = metrics;
        this.tries = tries;
    }

    /// The messages that are kept durably here now. All can be taken again, as after an outage of the database, which
    /// leaves this as an exception.
    List<Received> take(List<Received> batch) {
        List<Received> taken = new ArrayList<>();
        List<Read> readable = new ArrayList<>();
        for (Received message : batch) {
            try {
                readable.add(new Read(message, parser.parse(message.body())));
            } catch (Failure unreadable) {
                if (putAside(message, unreadable)) {
                    taken.add(message);
                }
            }
        }
        accept(readable, taken);
        return taken;
    }

    private void accept(List<Read> readable, List<Received> taken) {
        try {
            inbox.accept(
                    EventSource.SQS,
                    readable.stream().flatMap(read -> read.events().stream()).toList());
            readable.forEach(read -> taken.add(read.message()));
        } catch (RuntimeException failed) {
            if (DatabaseOutage.is(failed)) {
                throw failed;
            }
            LOG.error(
                    "A defect kept a batch of {} messages from being taken in: trying each alone",
                    readable.size(),
                    failed);
            readable.stream().filter(this::acceptAlone).forEach(read -> taken.add(read.message()));
        }
    }

    /// One message that cannot be taken in must not keep others from it.
    private boolean acceptAlone(Read read) {
        try {
            inbox.accept(EventSource.SQS, read.events());
            return true;
        } catch (RuntimeException failed) {
            if (DatabaseOutage.is(failed)) {
                throw failed;
            }
            return putAside(read.message(), failed);
        }
    }

    /// Keeps a message that was received often enough where an operator finds it; false when it shall stay in
    /// the queue.
    private boolean putAside(Received message, RuntimeException why) {
        if (message.received() < tries) {
            LOG.warn(
                    "Message {} cannot be read, try {} of {}: {}",
                    message.id(),
                    message.received(),
                    tries,
                    why.getMessage());
            return false;
        }
        if (!refused.keep(message.id(), message.body())) {
            LOG.error(
                    "Message {} stays in the queue: too many others that cannot be read wait to be looked at, see GET /v1/jobs/dead",
                    message.id());
            return false;
        }
        metrics.countRefused(EventSource.SQS);
        return true;
    }

    private record Read(Received message, List<StoreEvent> events) {}
}
