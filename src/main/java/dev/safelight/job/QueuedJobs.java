package dev.safelight.job;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Follows many jobs at a time, and takes back those that wait.
@Component
public class QueuedJobs {
    private final QueuedJobRepository repository;

    QueuedJobs(QueuedJobRepository repository) {
        this.repository = repository;
    }

    /// Where a job stands.
    ///
    /// @param reason why it was given up; null for any that was not
    public record Standing(JobQueue.State state, @Nullable String reason) {}

    public Map<String, Standing> standings(String kind, Collection<String> instances) {
        Map<String, Standing> standings = new HashMap<>();
        if (instances.isEmpty()) {
            return standings;
        }
        // In this order: a job that was open at the first look is open, and the end of any other can be seen at the
        // second.
        Set<String> open = new HashSet<>(repository.open(kind, instances));
        Map<String, String> dead = repository.deadReasons(kind, instances);
        for (String instance : instances) {
            String reason = dead.get(instance);
            if (open.contains(instance)) {
                standings.put(instance, new Standing(JobQueue.State.OPEN, null));
            } else if (reason != null) {
                standings.put(instance, new Standing(JobQueue.State.DEAD, reason));
            } else {
                standings.put(instance, new Standing(JobQueue.State.NONE, null));
            }
        }
        return standings;
    }

    /// Takes a job out of the queue that gives way to all others and that nobody works on, together with the count of
    /// its attempts; false when it runs, has a turn of its own, or is not there.
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean withdraw(String kind, String instance) {
        boolean withdrawn = repository.withdraw(kind, instance);
        if (withdrawn) {
            repository.supersede(kind, instance);
        }
        return withdrawn;
    }

    /// How long a job of a kind took on average of late; empty when none has succeeded.
    public Optional<Duration> usualDuration(String kind) {
        return repository.usualDuration(kind);
    }
}
