package dev.safelight.upload;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// One client that watches uploads: what it is yet to be told, which is never more than the last state of each.
final class LiveStream {
    private final Watched watched;
    private final UUID keyId;
    private final Map<UUID, String> seen = new HashMap<>();
    private final Map<UUID, Standing> waiting = new LinkedHashMap<>();
    private boolean closed;

    LiveStream(Watched watched, UUID keyId) {
        this.watched = watched;
        this.keyId = keyId;
    }

    Watched watched() {
        return watched;
    }

    UUID keyId() {
        return keyId;
    }

    /// Whether a state is news to this client. Asked by one thread only.
    boolean isNew(LiveRepository.Row row) {
        boolean watches = switch (watched) {
            case Watched.OneUpload(UUID id) -> id.equals(row.id());
            case Watched.OfSession(UUID id) -> id.equals(row.session());
        };
        return watches && !row.state().equals(seen.get(row.id()));
    }

    synchronized void offer(LiveRepository.Row row, Standing standing) {
        seen.put(row.id(), row.state());
        waiting.put(row.id(), standing);
        notifyAll();
    }

    /// What happened since it was last asked; empty after some patience without news, or when it is closed.
    synchronized List<Standing> take(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (long left = patience.toMillis();
                waiting.isEmpty() && !closed && left > 0;
                left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        List<Standing> news = List.copyOf(waiting.values());
        waiting.clear();
        return news;
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized boolean isClosed() {
        return closed;
    }
}
