package dev.safelight.cli;

import java.time.Duration;
import tools.jackson.databind.JsonNode;

/// A backfill as it goes on.
final class WatchedBackfill implements Watched {
    static final Watched BACKFILL = new WatchedBackfill();

    private WatchedBackfill() {}

    @Override
    public String path(String id) {
        return "/v1/backfills/" + ApiClient.encode(id);
    }

    @Override
    public Duration poll() {
        return Duration.ofMillis(500);
    }

    @Override
    public String task() {
        return "Reprocessing";
    }

    @Override
    public long total(JsonNode state) {
        return state.path("total").asLong();
    }

    @Override
    public double progress(JsonNode state) {
        return state.path("progress").asDouble();
    }

    @Override
    public String message(JsonNode state) {
        String pace = BackfillText.pace(state);
        return pace.isEmpty() ? state.path("state").asString() : pace;
    }

    /// What runs when it is cancelled still ends.
    @Override
    public boolean isOver(JsonNode state) {
        String word = state.path("state").asString();
        return word.equals("DONE")
                || (word.equals("CANCELLED") && state.path("waiting").asInt() == 0);
    }

    @Override
    public boolean isFine(JsonNode state) {
        return state.path("state").asString().equals("DONE")
                && state.path("failed").asLong() == 0;
    }

    @Override
    public String details(JsonNode state) {
        return BackfillText.details(state);
    }

    @Override
    public String goesOn(String id) {
        return "The server goes on. Look again, pause or cancel with: safelight backfill watch|pause|cancel " + id;
    }
}
