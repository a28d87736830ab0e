package dev.safelight.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.Failure;
import dev.safelight.testing.HeldRemovalLock;
import dev.safelight.testing.TestServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemovalLockTest {
    private final TestServer server = TestServer.shared();
    private final RemovalLock removals = server.bean(RemovalLock.class);
    private final List<String> done = new ArrayList<>();

    @Test
    void letsRemoversInTogetherAndABackupOnlyAfterThem() throws SQLException {
        try (HeldRemovalLock backup = new HeldRemovalLock(server)) {
            removals.<SQLException>whileRemoving(() -> removals.<SQLException>whileRemoving(() -> {
                assertThat(backup.tryTake()).isFalse();
                done.add("removed");
            }));
            // The sweeps of the shared server may remove something at this moment, too.
            await().until(backup::tryTake);
        }
        assertThat(done).containsExactly("removed");
    }

    @Test
    void sendsRemoversAwayWhileABackupRunsAndNotAfterItDied() throws SQLException {
        try (HeldRemovalLock backup = new HeldRemovalLock(server)) {
            await().until(backup::tryTake);

            assertThatThrownBy(() -> removals.whileRemoving(() -> done.add("too early")))
                    .isInstanceOfSatisfying(
                            Failure.class,
                            failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.BUSY));
            assertThat(done).isEmpty();
        }
        await().ignoreExceptionsInstanceOf(Failure.class).until(() -> {
            removals.whileRemoving(() -> done.add("removed"));
            return true;
        });
        assertThat(done).containsExactly("removed");
    }
}
