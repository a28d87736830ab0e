package dev.safelight.job;

/// Prepares jobs of one kind that were given up for being tried again, in whatever process somebody asks for that.
public interface JobRevival {
    String kind();

    /// Called when somebody has an abandoned job tried again, before it is enqueued; may enqueue it in its own place.
    void revive(String instance);
}
