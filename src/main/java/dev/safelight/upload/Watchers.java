package dev.safelight.upload;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// The streams of one moment by what they watch.
///
/// @param newSessions those with a stream that nobody looked for yet
/// @param otherSessions all others
record Watchers(
        List<LiveStream> streams,
        Map<UUID, List<LiveStream>> ofUploads,
        Map<UUID, List<LiveStream>> ofSessions,
        Set<UUID> newSessions,
        Set<UUID> otherSessions) {

    static Watchers of(Collection<LiveStream> all) {
        List<LiveStream> streams = List.copyOf(all);
        Map<UUID, List<LiveStream>> ofUploads = new HashMap<>();
        Map<UUID, List<LiveStream>> ofSessions = new HashMap<>();
        Set<UUID> newSessions = new HashSet<>();
        for (LiveStream stream : streams) {
            switch (stream.watched()) {
                case Watched.OneUpload(UUID id) -> add(ofUploads, id, stream);
                case Watched.OfSession(UUID id) -> {
                    add(ofSessions, id, stream);
                    if (stream.isNewcomer()) {
                        newSessions.add(id);
                    }
                }
            }
        }
        Set<UUID> otherSessions = new HashSet<>(ofSessions.keySet());
        otherSessions.removeAll(newSessions);
        return new Watchers(streams, ofUploads, ofSessions, newSessions, otherSessions);
    }

    private static void add(Map<UUID, List<LiveStream>> index, UUID id, LiveStream stream) {
        index.computeIfAbsent(id, none -> new ArrayList<>()).add(stream);
    }

    /// Those to whom the state of an upload is news.
    List<LiveStream> toTell(LiveRepository.Row row) {
        List<LiveStream> toTell = new ArrayList<>(ofUploads.getOrDefault(row.id(), List.of()));
        if (row.session() != null) {
            toTell.addAll(ofSessions.getOrDefault(row.session(), List.of()));
        }
        toTell.removeIf(stream -> !stream.isNew(row));
        return toTell;
    }

    boolean watchSessionOf(LiveRepository.Row row) {
        return row.session() != null && ofSessions.containsKey(row.session());
    }
}
