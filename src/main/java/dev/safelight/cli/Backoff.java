package dev.safelight.cli;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// How often something is tried again, and how long to wait before: twice as long each time, with jitter.
public final class Backoff {
    /// Enough to wait for a server that is started again.
    public static final int STANDARD = 8;

    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(15);
    private static final Duration LONGEST_WISH = Duration.ofMinutes(2);

    private final int retries;
    private int tried;

    public Backoff(int retries) {
        this.retries = retries;
    }

    public static Backoff none() {
        return new Backoff(0);
    }

    public boolean isOver() {
        return isOver(retries);
    }

    boolean isOver(int most) {
        return tried >= Math.min(most, retries);
    }

    /// Waits before the next try.
    ///
    /// @param wish what the server asked for, as far as it is reasonable
    public void pause(@Nullable Duration wish) throws InterruptedException {
        long longest = Math.min(FIRST.toMillis() << Math.min(tried++, 16), LONGEST.toMillis());
        long jittered = longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1);
        if (wish == null) {
            Thread.sleep(jittered);
            return;
        }
        long asked = Math.min(wish.toMillis(), LONGEST_WISH.toMillis());
        // Jitter above what was asked for: all who were told the same would come back at the same time.
        Thread.sleep(Math.max(jittered, asked + ThreadLocalRandom.current().nextLong(FIRST.toMillis())));
    }
}
