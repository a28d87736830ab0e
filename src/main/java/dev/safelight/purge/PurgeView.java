package dev.safelight.purge;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A purge as the API tells it.
///
/// @param by what it was chosen by, as it was ordered
/// @param values as they were ordered; empty for everything
/// @param cause `request`, or `withdrawal` of an asset that was rejected or deleted
/// @param state RUNNING until all nodes that serve have confirmed and all edges have ended; then DONE, or
///     FAILED when an edge refused
/// @param createdBy absent for a withdrawal
record PurgeView(
        UUID id,
        String by,
        List<String> values,
        String cause,
        Purge.State state,
        Instant createdAt,
        Purge.@Nullable Starter createdBy,
        List<NodeView> nodes,
        List<EdgeView> edges) {

    /// A process with caches.
    ///
    /// @param state CONFIRMED, WAITING, or AWAY: it gives no sign of life, and will purge before it serves
    ///     again
    record NodeView(
            UUID id, String name, String state, @Nullable Instant confirmedAt) {}

    /// A cache in front of delivery.
    ///
    /// @param kind absent when it is not configured any more
    /// @param state WAITING, RETRYING, DONE or FAILED. What was withdrawn is RETRYING for as long as it takes
    /// @param attempts that failed
    /// @param detail why the last one did
    /// @param nextAt when the next one is due
    record EdgeView(
            String name,
            @Nullable String kind,
            EdgeState state,
            int attempts,
            @Nullable String detail,
            @Nullable Instant nextAt,
            @Nullable Instant endedAt) {}

    static PurgeView of(Purge purge) {
        return new PurgeView(
                purge.id(),
                purge.target().what().text(),
                purge.target().subjects(),
                purge.cause().name().toLowerCase(Locale.ROOT),
                purge.state(),
                purge.createdAt(),
                purge.by(),
                purge.nodes().stream()
                        .map(node -> new NodeView(node.id(), node.name(), state(node), node.confirmedAt()))
                        .toList(),
                purge.edges().stream()
                        .map(edge -> new EdgeView(
                                edge.name(),
                                edge.kind(),
                                edge.state(),
                                edge.attempts(),
                                edge.detail(),
                                edge.nextAt(),
                                edge.endedAt()))
                        .toList());
    }

    private static String state(Purge.Node node) {
        if (node.confirmedAt() != null) {
            return "CONFIRMED";
        }
        return node.isAway() ? "AWAY" : "WAITING";
    }
}
