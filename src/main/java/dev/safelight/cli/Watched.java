package dev.safelight.cli;

import java.time.Duration;
import tools.jackson.databind.JsonNode;

/// What the server does by itself once it was asked to, and how that is shown while it goes on.
///
/// States are those that the API tells.
interface Watched {
    /// Where the API tells of one.
    String path(String id);

    /// How often it is looked at.
    Duration poll();

    /// What is being done, in a word.
    String task();

    /// How many things it is about.
    long total(JsonNode state);

    /// From 0 to 1.
    double progress(JsonNode state);

    /// More than how far it is; empty for nothing.
    String message(JsonNode state);

    boolean isOver(JsonNode state);

    /// Whether it ended as it should.
    boolean isFine(JsonNode state);

    /// All about it.
    String details(JsonNode state);

    /// How to look at it later.
    String goesOn(String id);
}
