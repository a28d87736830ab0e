package dev.safelight.purge;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A purge that was asked for, and how far it is.
///
/// @param by the key that asked; null when an asset was withdrawn
/// @param nodes those that were known when it was asked for, in the order of their names
/// @param edges in the order of their names
record Purge(
        UUID id,
        PurgeTarget target,
        Cause cause,
        @Nullable Starter by,
        Instant createdAt,
        List<Node> nodes,
        List<Edge> edges) {
    Purge {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
    }

    /// Why there is one.
    enum Cause {
        REQUEST,
        WITHDRAWAL
    }

    /// As a whole.
    enum State {
        /// Somebody who serves has not confirmed yet, or an edge is still to be told.
        RUNNING,
        DONE,
        /// All has ended, and an edge refused.
        FAILED
    }

    /// The key that asked for it.
    record Starter(UUID id, String name) {}

    /// A process with caches of its own.
    ///
    /// @param confirmedAt null as long as it has not
    /// @param isAway whether it gives no sign of life: it will purge before it serves again
    record Node(UUID id, String name, @Nullable Instant confirmedAt, boolean isAway) {}

    /// A cache of others.
    ///
    /// @param detail why it failed last
    /// @param nextAt when it is tried (again), while it is
    record Edge(
            String name,
            @Nullable String kind,
            EdgeState state,
            int attempts,
            @Nullable String detail,
            @Nullable Instant nextAt,
            @Nullable Instant endedAt) {}

    State state() {
        boolean isRunning = nodes.stream().anyMatch(node -> node.confirmedAt() == null && !node.isAway())
                || edges.stream().anyMatch(edge -> edge.state().isOpen());
        if (isRunning) {
            return State.RUNNING;
        }
        return edges.stream().anyMatch(edge -> edge.state() == EdgeState.FAILED) ? State.FAILED : State.DONE;
    }
}
