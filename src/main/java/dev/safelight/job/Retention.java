package dev.safelight.job;

import java.time.Duration;

/// Keeps a table bounded: a periodic job that forgets rows once they are old enough.
///
/// @param name of the job
/// @param forget removes what is old by now
public record Retention(String name, Duration pause, Runnable forget) implements RecurringJob {
    @Override
    public void run() {
        forget.run();
    }
}
