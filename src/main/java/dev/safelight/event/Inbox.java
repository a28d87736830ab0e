package dev.safelight.event;

import static java.util.Objects.requireNonNull;

import dev.safelight.asset.BlobKey;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Takes store events in, each once, however often and in whatever order they are told.
///
/// Events of other buckets and of keys that were never granted are ignored: anybody may write into a bucket that
/// is told of, and nothing of it is kept here.
@Component
@OnRole({ServerRole.API, ServerRole.WORKER})
public final class Inbox {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    /// Several processes may be told the same events at the same time. They wait for each other at the first that they
    /// share, and not crosswise.
    private static final Comparator<StoreEvent> IN_ONE_ORDER = Comparator.comparing(StoreEvent::key)
            .thenComparing(StoreEvent::objectTag)
            .thenComparing(StoreEvent::sequencer);

    private final StoreEventRepository repository;
    private final WatchedBucket bucket;
    private final List<ObjectListener> listeners;
    private final TransactionTemplate transaction;
    private final EventMetrics metrics;

    Inbox(
            StoreEventRepository repository,
            WatchedBucket bucket,
            List<ObjectListener> listeners,
            TransactionTemplate transaction,
            EventMetrics metrics) {
        this.repository = repository;
        this.bucket = bucket;
        this.listeners = listeners;
        this.transaction = transaction;
        this.metrics = metrics;
    }

    /// Stores new events durably and tells the listeners; events known already, and those that are nobody's
    /// business, are skipped.
    public void accept(EventSource source, Collection<StoreEvent> events) {
        List<StoreEvent> ours = events.stream()
                .filter(event -> event.bucket().equals(bucket.name()) && BlobKey.isValid(event.key()))
                .sorted(IN_ONE_ORDER)
                .toList();
        int foreign = events.size() - ours.size();
        Taken taken = ours.isEmpty()
                ? new Taken(List.of(), 0, foreign)
                : requireNonNull(transaction.execute(status -> take(ours, foreign)));
        metrics.count(source, taken);
    }

    private Taken take(List<StoreEvent> events, int foreign) {
        List<StoreEvent> news = new ArrayList<>();
        int ignored = foreign;
        int duplicates = 0;
        for (StoreEvent event : events) {
            List<ObjectListener> awaiting =
                    listeners.stream().filter(one -> one.awaits(event)).toList();
            Optional<Long> id = awaiting.isEmpty() ? Optional.empty() : repository.insert(event);
            if (id.isPresent()) {
                news.add(event);
                awaiting.forEach(listener -> listener.objectCreated(event, id.get()));
            } else if (awaiting.isEmpty()) {
                ignored++;
                LOG.debug("Ignoring an object that nobody awaits: {}", event);
            } else {
                duplicates++;
                LOG.debug("Skipping an event that was told before: {}", event);
            }
        }
        return new Taken(news, duplicates, ignored);
    }

    /// What became of some events.
    record Taken(List<StoreEvent> news, int duplicates, int ignored) {}
}
