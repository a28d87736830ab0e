package dev.safelight.purge.edge;

import dev.safelight.job.JobEnd;
import dev.safelight.job.JobHandler;
import dev.safelight.job.JobRun;
import dev.safelight.purge.PurgeJobs;
import dev.safelight.purge.edge.EdgeClient.EdgeUnreachable;
import dev.safelight.purge.edge.EdgeRepository.Due;
import dev.safelight.purge.edge.EdgeTarget.Everything;
import dev.safelight.purge.edge.EdgeTarget.Unsupported;
import dev.safelight.purge.edge.ToldSoFar.Telling;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Tells one edge of all purges that are due, many in a request.
///
/// The instance is the name of the edge, so that one worker of all talks to it at a time. Each purge is in
/// a row of its own, which says when it is tried again; the job itself never fails because of an edge. It
/// ends when there is no more to do, or after a while, and is begun again by [WakeEdges]. Whoever dies
/// leaves rows as they were, and what they say is told once more: to forget twice is to forget.
///
/// A purge that somebody asked for is given up where nobody can do anything for it any more but them. One of
/// what was withdrawn is not, as nobody looks at it: it stays due until the edge has taken it, whatever it
/// takes to mend settings, and ends otherwise only where the edge refuses what it says, or is itself no more.
@Component
@OnRole(ServerRole.WORKER)
final class PurgeEdge implements JobHandler {
    private static final Logger LOG = LoggerFactory.getLogger(PurgeEdge.class);

    private static final int AT_ONCE = 1_000;
    /// Others wait for the thread.
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    /// About a day, unless it is about what was withdrawn.
    private static final int MOST_ATTEMPTS = 300;

    private final Edges edges;
    private final EdgeRepository repository;
    private final EdgeClient client;
    private final MeterRegistry metrics;
    private final ToldSoFar toldSoFar = new ToldSoFar();
    /// Why servers take nothing, so that it is said once and not every five minutes.
    private final Map<String, String> lockedOut = new ConcurrentHashMap<>();
    private final RandomGenerator random = RandomGenerator.getDefault();

    PurgeEdge(Edges edges, EdgeRepository repository, InstantSource clock, MeterRegistry metrics) {
        this.edges = edges;
        this.repository = repository;
        this.client = new EdgeClient(clock);
        this.metrics = metrics;
    }

    @Override
    public String kind() {
        return PurgeJobs.KIND;
    }

    @Override
    public void run(JobRun run) throws InterruptedException {
        Edge edge = edges.find(run.instance()).orElse(null);
        List<Due> due = edge == null ? List.of() : repository.due(edge, AT_ONCE);
        if (edge == null || due.isEmpty()) {
            run.foundNothingToDo();
            return;
        }
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!due.isEmpty() && System.nanoTime() < end && tell(edge, due)) {
            due = repository.due(edge, AT_ONCE);
        }
    }

    /// Whether the edge takes anything, so that there is sense in telling it more.
    private boolean tell(Edge edge, List<Due> due) throws InterruptedException {
        Map<Due, List<EdgeTarget>> targets = new LinkedHashMap<>();
        for (Due one : due) {
            try {
                targets.put(one, EdgeTarget.of(one.target(), edge.api().ways()));
            } catch (Unsupported unsupported) {
                fail(edge, List.of(one), String.valueOf(unsupported.getMessage()));
            }
        }
        return targets.isEmpty() || tell(edge, targets);
    }

    private boolean tell(Edge edge, Map<Due, List<EdgeTarget>> wanted) throws InterruptedException {
        Set<EdgeTarget> all = new LinkedHashSet<>();
        wanted.values().forEach(all::addAll);
        // What forgets everything forgets the rest with it.
        List<EdgeTarget> targets = all.contains(new Everything()) ? List.of(new Everything()) : List.copyOf(all);
        Round round = new Round(edge, wanted, targets.getFirst() instanceof Everything);
        for (EdgeCall call : edge.api().calls(targets, reference(wanted))) {
            round.send(call);
        }
        return round.settle();
    }

    /// The same for the same purges in the same round.
    private static String reference(Map<Due, List<EdgeTarget>> wanted) {
        Due first = wanted.keySet().iterator().next();
        int hash = 17;
        for (Due one : wanted.keySet()) {
            hash = 31 * hash + one.purge().hashCode() + one.round();
        }
        return "safelight-%s-%d-%08x".formatted(first.purge(), wanted.size(), hash);
    }

    private void fail(Edge edge, List<Due> purges, String reason) {
        LOG.warn("The edge {} does not purge: {}", edge.name(), reason);
        repository.fail(edge, purges, reason);
        purges.forEach(due -> toldSoFar.drop(edge, due));
        count(edge, "failed", purges.size());
    }

    private void count(Edge edge, String outcome, int purges) {
        metrics.counter("safelight.purges", "edge", edge.name(), "outcome", outcome)
                .increment(purges);
    }

    @Override
    public void abandon(String instance, JobEnd end) {
        LOG.warn("Work for the edge {} was given up and is begun again: {}", instance, end.reason());
    }

    @PreDestroy
    void stop() {
        client.close();
    }

    /// The requests that tell an edge of some purges, and what became of each.
    private final class Round {
        private final Edge edge;
        private final Map<Due, List<EdgeTarget>> wanted;
        private final boolean everything;
        private final Map<EdgeTarget, Verdict> troubles = new LinkedHashMap<>();
        private final Map<EdgeTarget, List<Asker>> askers = new HashMap<>();
        private final Map<Due, Asker> all = new LinkedHashMap<>();
        private final Set<String> silent = new HashSet<>();
        private Duration wait = Duration.ZERO;
        private boolean takesSome = true;

        Round(Edge edge, Map<Due, List<EdgeTarget>> wanted, boolean everything) {
            this.edge = edge;
            this.wanted = wanted;
            this.everything = everything;
            wanted.forEach((due, targets) -> {
                Asker asker = new Asker(toldSoFar.of(edge, due));
                List<EdgeTarget> asked = everything ? List.of(new Everything()) : targets;
                asked.forEach(target ->
                        askers.computeIfAbsent(target, _ -> new ArrayList<>()).add(asker));
                all.put(due, asker);
            });
        }

        /// Servers that do not answer are asked for nothing more, others still are.
        void send(EdgeCall call) throws InterruptedException {
            String server = String.valueOf(call.request().uri().getAuthority());
            Set<Asker> untold = untold(call);
            if (silent.contains(server) || untold.isEmpty()) {
                return;
            }
            Duration full = edge.limits().take(call.charges());
            if (full.isPositive()) {
                untold.forEach(Asker::postpone);
                wait = full.compareTo(wait) > 0 ? full : wait;
                return;
            }
            Verdict verdict;
            try {
                verdict = edge.api().judge(client.send(call.request(), edge.timeout()));
            } catch (EdgeUnreachable unreachable) {
                verdict = new Verdict.Later(unreachable.reason(), null);
            }
            switch (verdict) {
                case Verdict.Done() -> {
                    lockedOut.remove(nameOf(server));
                    noteTold(call);
                }
                case Verdict.Refused _ -> note(call.targets(), verdict);
                case Verdict.Later _ -> giveUpOn(server, verdict);
                case Verdict.LockedOut(var reason) -> {
                    takesSome = false;
                    if (!reason.equals(lockedOut.put(nameOf(server), reason))) {
                        LOG.warn("The edge {} takes nothing from here: {}", edge.name(), reason);
                    }
                    giveUpOn(server, verdict);
                }
            }
        }

        private String nameOf(String server) {
            return edge.name() + " " + server;
        }

        /// For this round, and all of it: what was not asked for is not done either.
        private void giveUpOn(String server, Verdict verdict) {
            silent.add(server);
            note(targetsOfAll(), verdict);
        }

        /// Who needs the call. Requests are put together anew in each round, so that one may hold some that
        /// was told already.
        private Set<Asker> untold(EdgeCall call) {
            Set<Asker> untold = new HashSet<>();
            for (EdgeTarget target : call.targets()) {
                Telling telling = new Telling(target, call.request().uri());
                askers.getOrDefault(target, List.of()).stream()
                        .filter(asker -> !asker.told.contains(telling))
                        .forEach(untold::add);
            }
            return untold;
        }

        private void noteTold(EdgeCall call) {
            for (EdgeTarget target : call.targets()) {
                Telling telling = new Telling(target, call.request().uri());
                askers.getOrDefault(target, List.of()).forEach(asker -> asker.told.add(telling));
            }
        }

        private List<EdgeTarget> targetsOfAll() {
            return wanted.values().stream().flatMap(List::stream).toList();
        }

        private void note(List<EdgeTarget> targets, Verdict verdict) {
            targets.forEach(target -> troubles.putIfAbsent(target, verdict));
        }

        /// Whether the edge takes anything.
        boolean settle() throws InterruptedException {
            Map<Ending, List<Due>> troubled = new LinkedHashMap<>();
            List<Due> done = new ArrayList<>();
            List<Due> later = new ArrayList<>();
            List<Due> refused = new ArrayList<>();
            all.forEach((due, asker) -> {
                List<EdgeTarget> targets = wanted.getOrDefault(due, List.of());
                toldSoFar.keep(edge, due, asker.told);
                Verdict trouble = worst(everything ? targetsAndAll(targets) : targets);
                if (trouble instanceof Verdict.Refused) {
                    refused.add(due);
                } else if (trouble != null) {
                    troubled.computeIfAbsent(ending(due, trouble), _ -> new ArrayList<>())
                            .add(due);
                } else if (asker.postponed) {
                    later.add(due);
                } else {
                    done.add(due);
                }
            });
            if (!done.isEmpty()) {
                repository.done(edge, done);
                done.forEach(due -> toldSoFar.drop(edge, due));
                count(edge, "done", done.size());
            }
            if (!later.isEmpty()) {
                repository.postpone(edge, later, wait);
            }
            troubled.forEach(this::end);
            return takesSome && settleRefused(refused);
        }

        private List<EdgeTarget> targetsAndAll(List<EdgeTarget> targets) {
            List<EdgeTarget> both = new ArrayList<>(targets);
            both.add(new Everything());
            return both;
        }

        private @Nullable Verdict worst(List<EdgeTarget> targets) {
            Verdict worst = null;
            for (EdgeTarget target : targets) {
                Verdict trouble = troubles.get(target);
                if (trouble != null && (worst == null || !(trouble instanceof Verdict.Refused))) {
                    worst = trouble;
                }
            }
            return worst;
        }

        /// One purge that is refused must not take along those that were told with it.
        private boolean settleRefused(List<Due> refused) throws InterruptedException {
            if (refused.size() == 1 || wanted.size() == 1) {
                for (Due due : refused) {
                    Verdict verdict =
                            worst(everything ? List.of(new Everything()) : wanted.getOrDefault(due, List.of()));
                    fail(edge, List.of(due), verdict instanceof Verdict.Refused(var reason) ? reason : "refused");
                }
                return true;
            }
            for (Due due : refused) {
                if (!tell(edge, Map.of(due, wanted.getOrDefault(due, List.of())))) {
                    return false;
                }
            }
            return true;
        }

        private Ending ending(Due due, Verdict trouble) {
            return switch (trouble) {
                case Verdict.Later(var reason, var after) -> {
                    if (due.attempts() + 1 >= MOST_ATTEMPTS && !due.isWithdrawal()) {
                        yield new Ending(reason + ", " + MOST_ATTEMPTS + " times", null);
                    }
                    Duration pause = pause(due.attempts());
                    yield new Ending(reason, after != null && after.compareTo(pause) > 0 ? after : pause);
                }
                case Verdict.LockedOut(var reason) -> new Ending(reason, due.isWithdrawal() ? LONGEST_PAUSE : null);
                case Verdict.Refused(var reason) -> new Ending(reason, null);
                case Verdict.Done() -> throw new IllegalStateException("that is no trouble");
            };
        }

        private void end(Ending ending, List<Due> purges) {
            Duration pause = ending.pause();
            if (pause == null) {
                fail(edge, purges, ending.reason());
                return;
            }
            long jitter = (long) (pause.toMillis() * 0.2 * random.nextDouble());
            repository.retry(edge, purges, ending.reason(), pause.plusMillis(jitter));
            count(edge, "retrying", purges.size());
        }

        private static Duration pause(int attempts) {
            Duration grown = FIRST_PAUSE.multipliedBy(1L << Math.min(attempts, 20));
            return grown.compareTo(LONGEST_PAUSE) < 0 ? grown : LONGEST_PAUSE;
        }
    }

    /// What becomes of purges that an edge has not taken.
    ///
    /// @param pause before they are tried again; null when they are given up
    private record Ending(String reason, @Nullable Duration pause) {}

    /// A purge in a round.
    private static final class Asker {
        private final Set<Telling> told;
        private boolean postponed;

        Asker(Set<Telling> told) {
            this.told = new HashSet<>(told);
        }

        void postpone() {
            postponed = true;
        }
    }
}
