package dev.safelight.upload;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One client that watches uploads: what it is yet to be told, which is never more than the last state of each.
final class LiveStream {
    private final Watched watched;
    private final UUID keyId;
    private final @Nullable UUID sessionId;
    private final Map<UUID, String> seen = new HashMap<>();
    private final Map<UUID, Standing> waiting = new LinkedHashMap<>();
    private boolean newcomer = true;
    private boolean closed;

    /// @param sessionId of the session that the client uses; null when it has a key
    LiveStream(Watched watched, UUID keyId, @Nullable UUID sessionId) {
        this.watched = watched;
        this.keyId = keyId;
        this.sessionId = sessionId;
    }

    Watched watched() {
        return watched;
    }

    UUID keyId() {
        return keyId;
    }

    @Nullable
    UUID sessionId() {
        return sessionId;
    }

    /// Whether the state of an upload that it watches is news to this client. Asked by one thread only.
    boolean isNew(LiveRepository.Row row) {
        return !row.state().equals(seen.get(row.id()));
    }

    /// Whether nobody looked for this client yet, so that it is to be told of all that is there. Asked by one
    /// thread only.
    boolean isNewcomer() {
        return newcomer;
    }

    void wasLookedFor() {
        newcomer = false;
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
