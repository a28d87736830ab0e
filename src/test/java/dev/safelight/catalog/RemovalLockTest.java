package dev.safelight.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.Failure;
import dev.safelight.testing.TestServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.Environment;

class RemovalLockTest {
    private final TestServer server = TestServer.shared();
    private final RemovalLock removals = server.bean(RemovalLock.class);

    /// As the process of a backup has it.
    private Connection session() throws SQLException {
        Environment settings = server.bean(Environment.class);
        return DriverManager.getConnection(
                settings.getRequiredProperty("spring.datasource.url"),
                settings.getRequiredProperty("spring.datasource.username"),
                settings.getRequiredProperty("spring.datasource.password"));
    }

    private static boolean ask(Connection session, String function) throws SQLException {
        try (var statement = session.createStatement();
                var row = statement.executeQuery("select %s(%d)".formatted(function, RemovalLock.KEY))) {
            return row.next() && row.getBoolean(1);
        }
    }

    @Test
    void letsRemoversInTogetherAndABackupOnlyAfterThem() throws SQLException {
        List<String> done = new ArrayList<>();
        try (Connection backup = session()) {
            removals.<SQLException>whileRemoving(() -> removals.<SQLException>whileRemoving(() -> {
                assertThat(ask(backup, "pg_try_advisory_lock")).isFalse();
                done.add("removed");
            }));
            assertThat(ask(backup, "pg_try_advisory_lock")).isTrue();
        }
        assertThat(done).containsExactly("removed");
    }

    @Test
    void sendsRemoversAwayWhileABackupRunsAndNotAfterItDied() throws SQLException {
        List<String> done = new ArrayList<>();
        try (Connection backup = session()) {
            assertThat(ask(backup, "pg_try_advisory_lock")).isTrue();

            assertThatThrownBy(() -> removals.whileRemoving(() -> done.add("too early")))
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.BUSY));
            assertThat(done).isEmpty();
        }
        await().ignoreExceptions().until(() -> {
            removals.whileRemoving(() -> done.add("removed"));
            return true;
        });
        assertThat(done).containsExactly("removed");
    }
}
