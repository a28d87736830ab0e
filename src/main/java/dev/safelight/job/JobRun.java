package dev.safelight.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One attempt of a job, as its handler sees it.
public final class JobRun {
    private final String instance;
    private final List<TimedStep> steps = new ArrayList<>();

    public JobRun(String instance) {
        this.instance = instance;
    }

    /// How long a named step took.
    public record TimedStep(String name, long micros) {}

    /// What the job is about, such as the id of an upload.
    public String instance() {
        return instance;
    }

    /// Notes a finished step for the run history.
    public void note(String step, Duration took) {
        steps.add(new TimedStep(step, took.toNanos() / 1000));
    }

    public List<TimedStep> steps() {
        return List.copyOf(steps);
    }
}
