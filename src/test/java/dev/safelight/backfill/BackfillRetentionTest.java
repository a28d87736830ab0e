package dev.safelight.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.backfill.Backfill.State;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BackfillRetentionTest {
    private final BackfillServer server = BackfillServer.empty();
    private final AdvanceBackfills driver = server.driver();

    @Test
    void forgetsBackfillsThatAreOverForLong() {
        UUID finished = server.start(1);
        driver.run();
        server.outdated(1);
        UUID open = server.start(1);
        driver.run();
        server.pass(Duration.ofDays(91));

        new BackfillRetention()
                .forgetOldBackfills(server.bean(BackfillRepository.class), server)
                .run();

        assertThat(server.bean(BackfillRepository.class).find(finished)).isEmpty();
        assertThat(server.find(open).state()).isEqualTo(State.RUNNING);
    }
}
