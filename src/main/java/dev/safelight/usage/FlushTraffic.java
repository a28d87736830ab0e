package dev.safelight.usage;

import dev.safelight.asset.Space;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/// Writes down every few seconds, and at the end, what this process delivered. What a killed process did not write down
/// is lost.
@Component
final class FlushTraffic implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(FlushTraffic.class);

    private final Traffic traffic;
    private final UsageRepository usage;
    private final UsageSettings settings;
    private final InstantSource clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("flush-traffic").factory());
    private volatile boolean running;

    FlushTraffic(Traffic traffic, UsageRepository usage, UsageSettings settings, InstantSource clock) {
        this.traffic = traffic;
        this.usage = usage;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public void start() {
        running = true;
        long pause = settings.flush().toMillis();
        var flushing = timer.scheduleWithFixedDelay(this::flush, pause, pause, TimeUnit.MILLISECONDS);
        LOG.debug("Traffic is written down: {}", flushing);
    }

    /// One row at a time, each in a transaction of its own, so that no two processes wait for each other crosswise.
    synchronized void flush() {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        for (Space space : Space.values()) {
            for (Feature feature : Feature.values()) {
                Traffic.Taken taken = traffic.take(space, feature);
                if (taken.isNothing()) {
                    continue;
                }
                try {
                    usage.addTraffic(today, space, feature, taken);
                } catch (DataAccessException | TransactionException failed) {
                    traffic.giveBack(space, feature, taken);
                    LOG.warn("Traffic was not written down and is kept for later: {}", failed.toString());
                }
            }
        }
    }

    @Override
    public void stop() {
        running = false;
        timer.shutdown();
        flush();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /// After the web server, whose last answers count too.
    @Override
    public int getPhase() {
        return 0;
    }
}
