package dev.safelight.usage;

import dev.safelight.job.RecurringJob;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Sums up what was stored and removed since the last time.
@Component
final class SumUpUsage implements RecurringJob {
    private static final int BATCH = 10_000;
    private static final int MOST_BATCHES = 100;

    private final UsageRepository usage;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    SumUpUsage(UsageRepository usage, TransactionTemplate transaction, InstantSource clock) {
        this.usage = usage;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "sum-up-usage";
    }

    @Override
    public Duration pause() {
        return Duration.ofSeconds(30);
    }

    @Override
    public void run() {
        for (int i = 0; i < MOST_BATCHES && runOnce(); i++) {
            // Each batch is a transaction of its own.
        }
    }

    /// Sums up a batch, if nobody else does.
    ///
    /// @return whether there is more
    boolean runOnce() {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return transaction.execute(status -> {
            if (!usage.lock()) {
                return false;
            }
            usage.fillGap(today);
            boolean more = usage.fold(today, BATCH) == BATCH;
            usage.count(today);
            return more;
        });
    }
}
