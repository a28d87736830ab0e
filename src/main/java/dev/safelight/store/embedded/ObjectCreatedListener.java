package dev.safelight.store.embedded;

/// Learns of every object once it is durable and before its sender gets an answer.
@FunctionalInterface
public interface ObjectCreatedListener {
    /// Runs on the thread of the request, possibly on several at once. What it throws is logged and the object stays:
    /// the sweep of silent uploads has to ask for objects whose event was lost, also by a crash at this point.
    void created(ObjectCreated event);
}
