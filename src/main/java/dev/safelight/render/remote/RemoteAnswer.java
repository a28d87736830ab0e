package dev.safelight.render.remote;

/// What a foreign host answered to a request that did not fail.
public sealed interface RemoteAnswer {
    Validators validators();

    /// The picture is in the file that was named.
    record Fetched(long bytes, Validators validators) implements RemoteAnswer {}

    /// The picture is the one that the validators were given with.
    record Unchanged(Validators validators) implements RemoteAnswer {}
}
