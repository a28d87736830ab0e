package dev.safelight.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// A purge as it goes on.
final class WatchedPurge implements Watched {
    static final Watched PURGE = new WatchedPurge();

    private WatchedPurge() {}

    @Override
    public String path(String id) {
        return "/v1/purges/" + ApiClient.encode(id);
    }

    @Override
    public Duration poll() {
        return Duration.ofMillis(100);
    }

    @Override
    public String task() {
        return "Purging";
    }

    @Override
    public long total(JsonNode state) {
        return (long) state.path("nodes").size() + state.path("edges").size();
    }

    /// By nodes and edges that have ended, AWAY ones included: nobody waits for them.
    @Override
    public double progress(JsonNode state) {
        long ended = state.path("nodes")
                        .valueStream()
                        .filter(node -> !node.path("state").asString().equals("WAITING"))
                        .count()
                + state.path("edges")
                        .valueStream()
                        .filter(edge -> edge.path("state").asString().matches("DONE|FAILED"))
                        .count();
        return (double) ended / Math.max(1, total(state));
    }

    @Override
    public String message(JsonNode state) {
        return "";
    }

    @Override
    public boolean isOver(JsonNode state) {
        return !state.path("state").asString().equals("RUNNING");
    }

    @Override
    public boolean isFine(JsonNode state) {
        return state.path("state").asString().equals("DONE");
    }

    /// One line for the purge, one for each node and edge.
    @Override
    public String details(JsonNode state) {
        List<String> lines = new ArrayList<>();
        String values = state.path("values")
                .valueStream()
                .map(value -> " " + Printable.text(value.asString()))
                .collect(Collectors.joining(","));
        lines.add("%s  %s  by %s%s"
                .formatted(
                        state.path("id").asString(),
                        state.path("state").asString(),
                        state.path("by").asString(),
                        values));
        for (JsonNode node : state.path("nodes")) {
            lines.add("  node %-24s %s"
                    .formatted(
                            Printable.text(node.path("name").asString()),
                            node.path("state").asString()));
        }
        for (JsonNode edge : state.path("edges")) {
            String detail = Json.textOrNull(edge, "detail");
            lines.add("  edge %-24s %s%s"
                    .formatted(
                            Printable.text(edge.path("name").asString()),
                            edge.path("state").asString(),
                            detail == null ? "" : ": " + Printable.text(detail)));
        }
        return String.join(System.lineSeparator(), lines);
    }

    @Override
    public String goesOn(String id) {
        return "The server goes on. Look again with: safelight purge watch " + id;
    }
}
