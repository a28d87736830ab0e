package dev.safelight.purge.edge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.safelight.purge.edge.EdgeRepository.Due;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;

/// What edges took of purges that are not done yet, so that one with more requests than an edge takes at
/// once comes to its end, and leaves room to those after it.
///
/// In memory alone: whoever does not find it tells all of a purge once more.
final class ToldSoFar {
    /// Of all purges together; far more than are open in a bad hour.
    private static final long MOST = 500_000;
    /// Longer than the longest pause before a purge is tried again.
    private static final Duration UNUSED = Duration.ofMinutes(30);

    private final Cache<Open, Set<Telling>> told = Caffeine.newBuilder()
            .maximumWeight(MOST)
            .weigher((Open _, Set<Telling> tellings) -> 1 + tellings.size())
            .expireAfterAccess(UNUSED)
            .build();

    /// A target, told at an address: each server of an edge has its own, and so has each host of those that
    /// are told of one at a time.
    record Telling(EdgeTarget target, URI address) {}

    private record Open(String edge, UUID purge, int round) {
        static Open of(Edge edge, Due due) {
            return new Open(edge.name(), due.purge(), due.round());
        }
    }

    Set<Telling> of(Edge edge, Due due) {
        Set<Telling> known = told.getIfPresent(Open.of(edge, due));
        return known == null ? Set.of() : known;
    }

    void keep(Edge edge, Due due, Set<Telling> tellings) {
        told.put(Open.of(edge, due), Set.copyOf(tellings));
    }

    void drop(Edge edge, Due due) {
        told.invalidate(Open.of(edge, due));
    }
}
