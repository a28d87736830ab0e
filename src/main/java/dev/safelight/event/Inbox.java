package dev.safelight.event;

import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Takes store events in, each once, however often and in whatever order they are told.
@Component
public final class Inbox {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    private final StoreEventRepository repository;
    private final List<ObjectListener> listeners;
    private final TransactionTemplate transaction;

    Inbox(StoreEventRepository repository, List<ObjectListener> listeners, TransactionTemplate transaction) {
        this.repository = repository;
        this.listeners = listeners;
        this.transaction = transaction;
    }

    /// Stores new events durably and tells the listeners; events known already are skipped.
    public void accept(List<StoreEvent> events) {
        transaction.executeWithoutResult(status -> events.forEach(this::acceptOne));
    }

    private void acceptOne(StoreEvent event) {
        Optional<Long> id = repository.insert(event);
        if (id.isEmpty()) {
            LOG.debug("Skipping an event that was told before: {}", event);
            return;
        }
        listeners.forEach(listener -> listener.objectCreated(event, id.get()));
    }
}
