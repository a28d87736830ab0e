package dev.safelight.cli.bulk;

/// Is told how a run goes on. Called by several threads, [#progressed] by them at the same time.
public interface Listener {
    /// Bytes were sent, or are known to be with the server; less than 0 for some that have to be sent again.
    default void progressed(long bytes) {}

    /// A file ended, in whatever order.
    default void ended(Outcome outcome) {}

    /// Every outcome once, in the order in which the files were found.
    default void told(Outcome outcome) {}
}
