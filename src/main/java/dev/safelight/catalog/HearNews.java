package dev.safelight.catalog;

import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Hears what other processes change, so that what is remembered here is dropped within milliseconds.
///
/// Nothing depends on it but freshness: whatever is remembered is believed for a moment only. Whenever it begins to
/// listen, also after its connection was lost, anything may have happened before.
@Component
@OnRole(ServerRole.DELIVERY)
final class HearNews implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(HearNews.class);

    private static final Duration SILENCE = Duration.ofSeconds(20);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final NewsRepository news;
    private final Broadcast broadcast;
    private final Counter heard;
    private volatile boolean running;
    private volatile boolean connected;
    private @Nullable Thread listener;

    HearNews(NewsRepository news, Broadcast broadcast, MeterRegistry metrics) {
        this.news = news;
        this.broadcast = broadcast;
        this.heard = metrics.counter("safelight.news.heard");
        Gauge.builder("safelight.news.connected", () -> connected ? 1 : 0).register(metrics);
    }

    @Override
    public synchronized void start() {
        running = true;
        listener = Thread.ofVirtual().name("hear-news").start(this::listen);
    }

    private void listen() {
        Duration pause = FIRST_PAUSE;
        while (running) {
            try {
                NewsRepository.Line line = news.listen();
                try {
                    connected = true;
                    pause = FIRST_PAUSE;
                    broadcast.missedSome();
                    hear(line);
                } finally {
                    // At the end, what wakes this thread has closed the connection, and the pool drops it with itself.
                    if (running) {
                        line.close();
                    }
                }
            } catch (SQLException | RuntimeException lost) {
                if (running) {
                    LOG.info("News of other processes are not heard: {}", lost.toString());
                }
            }
            connected = false;
            pause = rest(pause);
        }
    }

    private void hear(NewsRepository.Line line) throws SQLException {
        while (running) {
            List<String> told = line.await(SILENCE);
            told.forEach(broadcast::hear);
            heard.increment(told.size());
            if (told.isEmpty() && running && !line.isAlive()) {
                throw new SQLException("the connection does not answer");
            }
        }
    }

    /// @return the next pause
    private Duration rest(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException stopping) {
            running = false;
        }
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    /// A virtual thread that waits for bytes is woken by an interrupt, which closes its socket.
    @Override
    public synchronized void stop() {
        running = false;
        if (listener != null) {
            listener.interrupt();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }
}
