package dev.safelight.event;

/// Wants to know of new objects. Called inside the transaction that takes the event in: what it changes or enqueues
/// there is kept together with the event, or not at all.
public interface ObjectListener {
    /// @param eventId distinguishes this event from any other of the same object
    void objectCreated(StoreEvent event, long eventId);
}
