package dev.safelight.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One attempt of a job, as its handler sees it.
public final class JobRun {
    private final String instance;
    private final boolean repeated;
    private boolean uneventful;
    private final List<TimedStep> steps = new ArrayList<>();

    public JobRun(String instance, boolean repeated) {
        this.instance = instance;
        this.repeated = repeated;
    }

    /// How long a named step took.
    public record TimedStep(String name, long micros) {}

    /// What the job is about, such as the id of an upload.
    public String instance() {
        return instance;
    }

    /// Whether an earlier attempt began and did not succeed, so that something of it may be left.
    public boolean isRepeated() {
        return repeated;
    }

    /// Says that there was nothing to do, which is not worth a row in the run history.
    public void foundNothingToDo() {
        uneventful = true;
    }

    boolean isUneventful() {
        return uneventful;
    }

    /// Notes a finished step for the run history.
    public void note(String step, Duration took) {
        steps.add(new TimedStep(step, took.toNanos() / 1000));
    }

    public List<TimedStep> steps() {
        return List.copyOf(steps);
    }
}
