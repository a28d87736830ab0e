package dev.safelight.upload;

import dev.safelight.access.Caller;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Reason;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Tells those who watch uploads what becomes of them.
///
/// One thread asks the database about all watched uploads at once, as long as there are any. That takes no
/// connection per client and finds what other processes did, at the price of being told a moment later.
@Component
final class LiveUploads implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(LiveUploads.class);

    private final LiveRepository looks;
    private final UploadRepository ledger;
    private final LiveSettings settings;
    private final List<LiveStream> streams = new CopyOnWriteArrayList<>();
    private final Semaphore news = new Semaphore(0);
    private boolean running;
    private boolean looking;

    LiveUploads(LiveRepository looks, UploadRepository ledger, LiveSettings settings) {
        this.looks = looks;
        this.ledger = ledger;
        this.settings = settings;
    }

    /// Begins to watch; whoever calls ends it by [#leave].
    ///
    /// @throws Failure BUSY when the key has too many streams, UNAVAILABLE when the process has
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
        LiveStream stream = new LiveStream(watched, caller.keyId());
        streams.add(stream);
        news.release();
        if (!looking) {
            looking = true;
            Thread.ofVirtual().name("live-uploads").start(this::look);
        }
        return stream;
    }

    void leave(LiveStream stream) {
        streams.remove(stream);
    }

    private void look() {
        while (isWanted()) {
            try {
                tell();
            } catch (RuntimeException failed) {
                // Such as a database that is away: the streams go on, and so does this.
                LOG.warn("Could not look at the uploads that are watched: {}", failed.toString());
            }
            try {
                // Who comes new is told at once.
                if (news.tryAcquire(settings.pause().toMillis(), TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
            } catch (InterruptedException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    private synchronized boolean isWanted() {
        looking = !streams.isEmpty();
        return looking;
    }

    private void tell() {
        Set<UUID> uploads = new HashSet<>();
        Set<UUID> sessions = new HashSet<>();
        for (LiveStream stream : streams) {
            switch (stream.watched()) {
                case Watched.OneUpload(UUID id) -> uploads.add(id);
                case Watched.OfSession(UUID id) -> sessions.add(id);
            }
        }
        Map<UUID, LiveRepository.Row> changed = new HashMap<>();
        for (LiveRepository.Row row : looks.look(uploads, sessions)) {
            if (streams.stream().anyMatch(stream -> stream.isNew(row))) {
                changed.put(row.id(), row);
            }
        }
        if (changed.isEmpty()) {
            return;
        }
        for (Standing standing : ledger.standings(changed.keySet())) {
            LiveRepository.Row row = changed.get(standing.upload().id());
            if (row != null) {
                streams.stream().filter(stream -> stream.isNew(row)).forEach(stream -> stream.offer(row, standing));
            }
        }
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
