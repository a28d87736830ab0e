package dev.safelight.upload;

import dev.safelight.access.Caller;
import dev.safelight.access.UploadSession;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Reason;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Tells those who watch uploads what becomes of them.
///
/// One thread asks the database about all watched uploads at once, as long as there are any. That takes no
/// connection per client and finds what other processes did, at the price of being told a moment later.
@Component
@OnRole({ServerRole.API, ServerRole.WORKER})
final class LiveUploads implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(LiveUploads.class);

    /// In this time an upload shows to all that look, whatever their clocks say and however short it was open.
    private static final Duration YOUNG = Duration.ofMinutes(1);

    private final LiveRepository looks;
    private final UploadRepository ledger;
    private final LiveSettings settings;
    private final InstantSource clock;
    private final List<LiveStream> streams = new CopyOnWriteArrayList<>();
    /// Uploads of watched sessions that were open when they were looked at last. For the one thread.
    private Set<UUID> open = Set.of();

    private boolean running;
    private boolean looking;

    LiveUploads(LiveRepository looks, UploadRepository ledger, LiveSettings settings, InstantSource clock) {
        this.looks = looks;
        this.ledger = ledger;
        this.settings = settings;
        this.clock = clock;
    }

    /// Begins to watch; whoever calls ends it by [#leave].
    ///
    /// @throws Failure BUSY when the key or the session has too many streams, UNAVAILABLE when the process has
    synchronized LiveStream watch(Watched watched, Caller caller) {
        if (!running) {
            throw new Failure(Failure.Kind.UNAVAILABLE, "The server is about to stop. Try again in a moment.");
        }
        if (streams.size() >= settings.streams()) {
            throw new Failure(
                    Failure.Kind.UNAVAILABLE,
                    "This server tells %d clients of events, which is the limit. Try again in a moment."
                            .formatted(settings.streams()));
        }
        long ofKey = streams.stream()
                .filter(stream -> stream.keyId().equals(caller.keyId()))
                .count();
        if (ofKey >= settings.streamsPerKey()) {
            throw new Failure(
                    Failure.Kind.BUSY,
                    Reason.LIMIT_REACHED,
                    "This key has %d streams of events open, which is the limit.".formatted(settings.streamsPerKey()));
        }
        UploadSession session = caller.session();
        if (session != null && ofSession(session) >= settings.streamsPerSession()) {
            throw new Failure(
                    Failure.Kind.BUSY,
                    Reason.LIMIT_REACHED,
                    "This session has %d streams of events open, which is the limit."
                            .formatted(settings.streamsPerSession()));
        }
        LiveStream stream = new LiveStream(watched, caller.keyId(), session == null ? null : session.id());
        streams.add(stream);
        if (!looking) {
            looking = true;
            Thread.ofVirtual().name("live-uploads").start(this::look);
        }
        return stream;
    }

    private long ofSession(UploadSession session) {
        return streams.stream()
                .filter(stream -> session.id().equals(stream.sessionId()))
                .count();
    }

    void leave(LiveStream stream) {
        streams.remove(stream);
    }

    private void look() {
        boolean ended = false;
        try {
            while (isWanted()) {
                try {
                    tell();
                } catch (RuntimeException failed) {
                    // Such as a database that is away: the streams go on, and so does this.
                    LOG.warn("Could not look at the uploads that are watched: {}", failed.toString());
                }
                // Newcomers wait as well: clients that come and go would have the database asked without a pause.
                Thread.sleep(settings.pause());
            }
            ended = true;
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            if (!ended) {
                breakOff();
            }
        }
    }

    private synchronized boolean isWanted() {
        looking = !streams.isEmpty();
        return looking;
    }

    /// After an error: the streams end, so that their clients come again, and the first to come begins anew.
    private synchronized void breakOff() {
        LOG.error("A defect ended the look at the uploads that are watched; all who watch have to come again");
        looking = false;
        streams.forEach(LiveStream::close);
    }

    private void tell() {
        Watchers watchers = Watchers.of(streams);
        Set<UUID> uploads = new HashSet<>(watchers.ofUploads().keySet());
        uploads.addAll(open);
        Instant young = clock.instant().minus(YOUNG);
        List<LiveRepository.Row> rows = looks.look(uploads, watchers.newSessions(), watchers.otherSessions(), young);
        Map<UUID, LiveRepository.Row> changed = new HashMap<>();
        for (LiveRepository.Row row : rows) {
            if (!watchers.toTell(row).isEmpty()) {
                changed.put(row.id(), row);
            }
        }
        for (Standing standing : changed.isEmpty() ? List.<Standing>of() : ledger.standings(changed.keySet())) {
            LiveRepository.Row row = changed.get(standing.upload().id());
            if (row != null) {
                watchers.toTell(row).forEach(stream -> stream.offer(row, standing));
            }
        }
        // Only now: had the database failed, the next look would have to make up for this one.
        open = rows.stream()
                .filter(row -> row.isOpen() && watchers.watchSessionOf(row))
                .map(LiveRepository.Row::id)
                .collect(Collectors.toSet());
        watchers.streams().forEach(LiveStream::wasLookedFor);
    }

    @Override
    public synchronized void start() {
        running = true;
    }

    /// Ends all streams, before the server waits for the requests that are under way.
    @Override
    public synchronized void stop() {
        running = false;
        streams.forEach(LiveStream::close);
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE;
    }
}
