package dev.safelight.render;

import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// When groups of a cache were dropped, counted: what was begun before a drop is told by it from what was
/// begun after, however long both take.
///
/// Putters add first and ask then, droppers note first and look then, so that whichever comes second sees
/// what the other did.
final class Drops {
    /// So many groups are told apart. Beyond that, all count as dropped: the price is a few values that are
    /// made once more.
    private static final int MOST = 20_000;

    private final Map<String, Long> groups = new ConcurrentHashMap<>();
    private long count;
    private volatile long all;

    /// The number of the last drop that a group was among; 0 for none.
    long last(String group) {
        VarHandle.fullFence();
        Long own = groups.get(group);
        return own == null ? all : Math.max(own, all);
    }

    synchronized void note(Set<String> dropped) {
        if (groups.size() + dropped.size() > MOST) {
            noteAll();
            return;
        }
        long now = ++count;
        dropped.forEach(group -> groups.put(group, now));
        VarHandle.fullFence();
    }

    synchronized void noteAll() {
        all = ++count;
        groups.clear();
        VarHandle.fullFence();
    }
}
