package dev.safelight.purge;

import dev.safelight.asset.AssetId;
import dev.safelight.purge.NodeRepository.Task;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// Has the caches of this process forget what is purged, and confirms it.
///
/// It asks the database several times a second for what this node has not confirmed, rather than to be
/// told: a message can be missed, a row cannot. It starts before the server answers anybody, so that a node
/// that was away purges first; and one that nobody knows, or that was away for so long that it was
/// forgotten, cannot know what it missed and empties its caches.
final class NodePurges implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(NodePurges.class);

    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration BEAT = Duration.ofSeconds(3);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final int AT_ONCE = 500;
    private static final UUID BEFORE_ALL = new UUID(0, 0);
    /// For purges that are done by themselves, when together they cannot be: signs of life wait for them.
    private static final Duration ONE_BY_ONE = Duration.ofSeconds(3);

    private final NodeRepository nodes;
    private final OwnCaches caches;
    private final NodeIdentity identity;
    private final Counter confirmed;
    private final UUID run = UUID.randomUUID();
    private volatile UUID node = run;
    private volatile boolean running;
    private @Nullable Thread looker;

    NodePurges(NodeRepository nodes, OwnCaches caches, NodeIdentity identity, MeterRegistry metrics) {
        this.nodes = nodes;
        this.caches = caches;
        this.identity = identity;
        this.confirmed = metrics.counter("safelight.purges.confirmed");
    }

    /// Before the server listens.
    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public synchronized void start() {
        try {
            join(identity.read());
            if (!purge()) {
                // What the bucket keeps since before these purges must not be taken from it meanwhile.
                nodes.newestOpen(node).ifPresent(caches::distrustKeptBefore);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("the folder of the caches cannot be used", failed);
        }
        running = true;
        looker = Thread.ofVirtual().name("node-purges").start(this::look);
    }

    private void join(UUID id) {
        node = id;
        if (!nodes.register(id, run, name())) {
            LOG.info("This node is not known, or not any more: its caches begin empty");
            caches.forgetAll(Instant.EPOCH);
        }
        nodes.lastClearOfAll().ifPresent(caches::distrustKeptBefore);
    }

    private void look() {
        long beatAt = System.nanoTime();
        while (running) {
            boolean well = true;
            try {
                if (System.nanoTime() - beatAt > BEAT.toNanos()) {
                    beat();
                    beatAt = System.nanoTime();
                }
                well = purge();
            } catch (DataAccessException | TransactionException | IOException away) {
                LOG.debug("Purges are not looked for right now", away);
                well = false;
            } catch (RuntimeException unexpected) {
                // Whoever purges must not rely on a node that looks for nothing any more.
                LOG.error("A look for purges failed, and is tried again", unexpected);
                well = false;
            }
            try {
                Thread.sleep(well ? LOOK : AFTER_FAILURE);
            } catch (InterruptedException stopping) {
                return;
            }
        }
    }

    private void beat() throws IOException {
        if (nodes.beat(node, run)) {
            return;
        }
        if (nodes.isKnown(node)) {
            // A copy of the folder, most likely: two processes that confirm for each other would both be
            // wrong.
            LOG.warn("Another process has this node's identity: taking a new one");
            join(identity.renew());
        } else {
            join(node);
        }
    }

    /// @return false when something could not be done yet
    private boolean purge() {
        boolean all = true;
        UUID after = BEFORE_ALL;
        List<Task> tasks;
        do {
            tasks = nodes.tasks(node, after, AT_ONCE);
            all &= purge(tasks);
            after = tasks.isEmpty() ? after : tasks.getLast().purge();
        } while (tasks.size() == AT_ONCE);
        return all;
    }

    private boolean purge(List<Task> tasks) {
        // First: it needs no bucket, forgets whatever else such a purge names, and must not be done twice.
        List<Task> clears = tasks.stream().filter(Task::clearsAll).toList();
        clears.stream().map(Task::createdAt).max(Instant::compareTo).ifPresent(caches::forgetAll);
        confirm(clears);
        List<Task> others = tasks.stream().filter(task -> !task.clearsAll()).toList();
        if (forget(others, Level.WARN)) {
            confirm(others);
            return true;
        }
        return others.size() > 1 && purgeEach(others);
    }

    /// One that cannot be done must not hold up the others, which come in another order each time.
    private boolean purgeEach(List<Task> tasks) {
        List<Task> mixed = new ArrayList<>(tasks);
        Collections.shuffle(mixed);
        long started = System.nanoTime();
        boolean all = true;
        for (Task task : mixed) {
            if (System.nanoTime() - started > ONE_BY_ONE.toNanos()) {
                return false;
            }
            if (forget(List.of(task), Level.DEBUG)) {
                confirm(List.of(task));
            } else {
                all = false;
            }
        }
        return all;
    }

    private void confirm(List<Task> done) {
        if (!done.isEmpty()) {
            nodes.confirm(node, done);
            confirmed.increment(done.size());
        }
    }

    /// @return whether all of it was done
    private boolean forget(List<Task> tasks, Level trouble) {
        Set<AssetId> assets = new HashSet<>();
        tasks.forEach(task -> assets.addAll(task.assets()));
        if (assets.isEmpty()) {
            return true;
        }
        try {
            caches.forget(assets);
            return true;
        } catch (IOException failed) {
            LOG.atLevel(trouble).log("What is kept in the bucket is not purged yet: {}", failed.toString());
        } catch (RuntimeException unexpected) {
            LOG.atLevel(trouble).setCause(unexpected).log("What is kept is not purged yet");
        }
        return false;
    }

    private static String name() {
        String name = System.getenv("HOSTNAME");
        String host = name == null ? InetAddress.getLoopbackAddress().getHostName() : name;
        return host + "-" + ProcessHandle.current().pid();
    }

    @Override
    public synchronized void stop() {
        running = false;
        if (looker != null) {
            looker.interrupt();
        }
        try {
            nodes.leave(node, run);
        } catch (DataAccessException | TransactionException away) {
            LOG.debug("Nobody was told that this node stops", away);
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }
}
