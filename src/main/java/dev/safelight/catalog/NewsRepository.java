package dev.safelight.catalog;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Carries news from process to process through the database.
@Repository
class NewsRepository {
    private static final String CHANNEL = "safelight_catalog";
    private static final int ALIVE_SECONDS = 5;

    private final JdbcClient jdbc;
    private final DataSource database;

    NewsRepository(JdbcClient jdbc, DataSource database) {
        this.jdbc = jdbc;
        this.database = database;
    }

    /// Tells all that listen, with the commit of the caller's transaction or not at all.
    void tell(String news) {
        jdbc.sql("select pg_notify(:channel, :news)")
                .param("channel", CHANNEL)
                .param("news", news)
                .query((row, number) -> "")
                .list();
    }

    /// Begins to listen, on a connection that nobody else uses meanwhile.
    Line listen() throws SQLException {
        Connection connection = database.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("listen " + CHANNEL);
            return new Line(connection);
        } catch (SQLException failed) {
            connection.close();
            throw failed;
        }
    }

    /// A connection that hears what is told.
    static final class Line implements AutoCloseable {
        private final Connection connection;

        private Line(Connection connection) {
            this.connection = connection;
        }

        /// What was told since; empty after some patience.
        ///
        /// @throws SQLException when the connection is lost, and with it perhaps some news
        List<String> await(Duration patience) throws SQLException {
            PGNotification[] told =
                    connection.unwrap(PGConnection.class).getNotifications(Math.toIntExact(patience.toMillis()));
            return told == null
                    ? List.of()
                    : Arrays.stream(told).map(PGNotification::getParameter).toList();
        }

        /// Asks the database for a sign of life: a connection that only listens does not notice that the other side
        /// is gone.
        boolean isAlive() throws SQLException {
            return connection.isValid(ALIVE_SECONDS);
        }

        /// Back in the pool, a connection must not go on listening; one that is lost is noticed by this and not kept.
        @Override
        public void close() throws SQLException {
            try (connection;
                    Statement statement = connection.createStatement()) {
                statement.execute("unlisten *");
            }
        }
    }
}
