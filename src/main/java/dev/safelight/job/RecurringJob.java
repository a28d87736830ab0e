package dev.safelight.job;

import java.io.IOException;
import java.time.Duration;

/// Work that one process of all does now and then; a failed round waits for the next one.
public interface RecurringJob {
    String name();

    Duration pause();

    void run() throws IOException, InterruptedException;
}
