package dev.safelight.testing;

import dev.safelight.catalog.RemovalLock;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.springframework.core.env.Environment;

/// The session of a backup, as removers of a [TestServer] notice it.
public final class HeldRemovalLock implements AutoCloseable {
    private final Connection session;

    public HeldRemovalLock(TestServer server) throws SQLException {
        Environment settings = server.bean(Environment.class);
        session = DriverManager.getConnection(
                settings.getRequiredProperty("spring.datasource.url"),
                settings.getRequiredProperty("spring.datasource.username"),
                settings.getRequiredProperty("spring.datasource.password"));
    }

    /// @return false while something is being removed
    public boolean tryTake() throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("select pg_try_advisory_lock(" + RemovalLock.KEY + ")")) {
            return row.next() && row.getBoolean(1);
        }
    }

    /// As when the process of the backup dies.
    @Override
    public void close() throws SQLException {
        session.close();
    }
}
