package dev.safelight.front;

import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.Graceful;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/// Has a server that stops take no connections any more, and waits until it has answered the requests that it
/// has.
///
/// How long that may take is limited by whoever stops the context.
final class FinishAnswers implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(FinishAnswers.class);
    private static final int LOOK_MILLIS = 50;

    private volatile @Nullable Served served;
    private volatile boolean running;

    private record Served(Server server, OpenRequests requests) {}

    void watch(Server server, OpenRequests requests) {
        served = new Served(server, requests);
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /// While everything that an answer may need is there still.
    @Override
    public int getPhase() {
        return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
    }

    @Override
    public void stop(Runnable done) {
        Thread.ofVirtual().name("finish-answers").start(() -> {
            try {
                finish();
            } finally {
                done.run();
            }
        });
    }

    @Override
    public void stop() {
        finish();
    }

    private void finish() {
        running = false;
        Served ending = served;
        if (ending == null) {
            return;
        }
        for (Connector connector : ending.server().getConnectors()) {
            // With all in it: clients of HTTP/2 are told to open no more streams. Not waited for, as it ends
            // with the last connection, and some of those are idle.
            CompletableFuture<Void> _ = Graceful.shutdown(connector);
        }
        if (ending.requests().count() > 0) {
            LOG.info("Finishing {} answers", ending.requests().count());
        }
        try {
            while (ending.requests().count() > 0) {
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
