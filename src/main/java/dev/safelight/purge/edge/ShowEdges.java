package dev.safelight.purge.edge;

import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/// Lets the other processes know which edges the workers are configured with, for as long as they are: who
/// takes a purge in has no other way to know whom it concerns.
@Component
@OnRole(ServerRole.WORKER)
final class ShowEdges implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ShowEdges.class);

    private static final Duration PAUSE = Duration.ofSeconds(20);
    /// Longer than it takes to replace all workers.
    private static final Duration UNTIL_FORGOTTEN = Duration.ofHours(1);

    private final Edges edges;
    private final EdgeRepository repository;
    private volatile boolean running;
    private volatile Thread shower = Thread.currentThread();

    ShowEdges(Edges edges, EdgeRepository repository) {
        this.edges = edges;
        this.repository = repository;
    }

    /// Before anybody can ask for a purge.
    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public void start() {
        running = true;
        edges.all().forEach(repository::seen);
        shower = Thread.ofVirtual().name("show-edges").start(this::show);
    }

    private void show() {
        while (running) {
            try {
                Thread.sleep(PAUSE);
                edges.all().forEach(repository::seen);
                repository.forgetUnseen(UNTIL_FORGOTTEN);
            } catch (InterruptedException stopping) {
                return;
            } catch (DataAccessException | TransactionException away) {
                LOG.debug("The edges were not shown, and will be", away);
            }
        }
    }

    @Override
    public void stop() {
        running = false;
        shower.interrupt();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
