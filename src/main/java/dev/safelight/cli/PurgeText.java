package dev.safelight.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/// Purges as text.
final class PurgeText {
    private PurgeText() {}

    /// One line for the purge, one for each node and edge.
    static String details(JsonNode purge) {
        List<String> lines = new ArrayList<>();
        String values = StreamSupport.stream(purge.path("values").spliterator(), false)
                .map(value -> " " + Printable.text(value.asString()))
                .collect(Collectors.joining(","));
        lines.add("%s  %s  by %s%s"
                .formatted(
                        purge.path("id").asString(),
                        purge.path("state").asString(),
                        purge.path("by").asString(),
                        values));
        for (JsonNode node : purge.path("nodes")) {
            lines.add("  node %-24s %s"
                    .formatted(
                            Printable.text(node.path("name").asString()),
                            node.path("state").asString()));
        }
        for (JsonNode edge : purge.path("edges")) {
            String detail = Json.textOrNull(edge, "detail");
            lines.add("  edge %-24s %s%s"
                    .formatted(
                            Printable.text(edge.path("name").asString()),
                            edge.path("state").asString(),
                            detail == null ? "" : ": " + Printable.text(detail)));
        }
        return String.join(System.lineSeparator(), lines);
    }

    /// How many nodes and edges have ended, AWAY ones included: nobody waits for them.
    static long ended(JsonNode purge) {
        return StreamSupport.stream(purge.path("nodes").spliterator(), false)
                        .filter(node -> !node.path("state").asString().equals("WAITING"))
                        .count()
                + StreamSupport.stream(purge.path("edges").spliterator(), false)
                        .filter(edge -> edge.path("state").asString().matches("DONE|FAILED"))
                        .count();
    }

    static long total(JsonNode purge) {
        return (long) purge.path("nodes").size() + purge.path("edges").size();
    }
}
