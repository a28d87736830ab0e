package dev.safelight.purge.edge;

import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;

/// One request to an edge.
///
/// @param targets that it purges
/// @param charges tokens that it takes, by the name of the allowance
record EdgeCall(HttpRequest request, List<EdgeTarget> targets, Map<String, Integer> charges) {
    EdgeCall {
        targets = List.copyOf(targets);
        charges = Map.copyOf(charges);
    }
}
