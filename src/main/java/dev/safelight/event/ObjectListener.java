package dev.safelight.event;

/// Wants to know of new objects. Called inside the transaction that takes the event in: what it changes or enqueues
/// there is kept together with the event, or not at all.
public interface ObjectListener {
    /// Whether the object is any of the listener's business; if it is nobody's, the event is not kept.
    boolean awaits(StoreEvent event);

    /// Called for events that are awaited.
    ///
    /// @param eventId distinguishes this event from any other of the same object
    void objectCreated(StoreEvent event, long eventId);
}
