package dev.safelight.database;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches a thread that waits for a server: recovery after a crash may take its time, anything else may not.
final class StartWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StartWatch.class);

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration REPORT = Duration.ofSeconds(10);

    private final PostgresProcess server;
    private final Duration patience;
    private final Thread waiting = Thread.currentThread();
    private final Thread watcher;
    private boolean over;
    private boolean gaveUp;

    /// @param patience with a server that is not even recovering
    StartWatch(PostgresProcess server, Duration patience) {
        this.server = server;
        this.patience = patience;
        this.watcher = Thread.ofVirtual().name("postgres-start").start(this::watch);
    }

    private synchronized void watch() {
        long silent = System.nanoTime();
        long reported = silent;
        try {
            while (!over) {
                wait(LOOK.toMillis());
                long now = System.nanoTime();
                boolean recovering = !over && server.isStarting();
                if (recovering) {
                    silent = now;
                }
                if (!over && now - reported >= REPORT.toNanos()) {
                    reported = now;
                    log.info("PostgreSQL {}", recovering ? "recovers what a crash left" : "does not answer yet");
                }
                if (!over && now - silent >= patience.toNanos()) {
                    over = true;
                    gaveUp = true;
                    waiting.interrupt();
                }
            }
        } catch (InterruptedException | IOException e) {
            log.warn("The start of PostgreSQL is no longer watched", e);
        }
    }

    /// Ends the watch.
    ///
    /// @return whether it had enough, and the interrupt was its own
    synchronized boolean gaveUp() {
        over = true;
        notifyAll();
        return gaveUp && Thread.interrupted();
    }

    @Override
    public void close() throws InterruptedException {
        synchronized (this) {
            over = true;
            notifyAll();
        }
        watcher.join();
    }
}
