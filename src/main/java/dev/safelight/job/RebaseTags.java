package dev.safelight.job;

import java.time.Duration;
import org.springframework.stereotype.Component;

/// Keeps the tags of waiting jobs in range where the queue is never empty.
@Component
final class RebaseTags implements RecurringJob {
    private final TurnRepository turns;

    RebaseTags(TurnRepository turns) {
        this.turns = turns;
    }

    @Override
    public String name() {
        return "rebase-tags";
    }

    @Override
    public Duration pause() {
        return Duration.ofHours(1);
    }

    @Override
    public void run() {
        turns.rebase(TurnRepository.HIGH_TAG);
    }
}
