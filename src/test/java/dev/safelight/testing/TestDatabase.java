package dev.safelight.testing;

import com.zaxxer.hikari.HikariDataSource;
import dev.safelight.database.LocalPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// Fresh databases for tests, from one PostgreSQL server per JVM that forgets everything at the end.
public final class TestDatabase {
    /// Kept under the build folder, so that an orphan is found by the next run. Tests run in several JVMs,
    /// each with a server of its own.
    private static final Path FOLDER = Path.of("target", "test-postgres" + System.getProperty("safelight.fork", ""));

    /// Of each whole server that a test starts. Up to four stand in one JVM and share the 60 connections that
    /// there are.
    private static final int CONNECTIONS = 12;

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Set<String> TEMPLATES = ConcurrentHashMap.newKeySet();

    private final String name;

    private TestDatabase(String name) {
        this.name = name;
    }

    /// An empty database.
    public static TestDatabase fresh() {
        return copyOf("template1");
    }

    /// A database that is a copy of one prepared once per JVM, for instance by migrations.
    ///
    /// @param template a name for what `prepare` makes, such as `migrated`
    public static synchronized TestDatabase fresh(String template, Consumer<DataSource> prepare) {
        if (!TEMPLATES.contains(template)) {
            execute("drop database if exists " + template);
            execute("create database " + template);
            prepare.accept(new TestDatabase(template).dataSource());
            TEMPLATES.add(template);
        }
        return copyOf(template);
    }

    private static TestDatabase copyOf(String template) {
        String name = "test_" + NUMBER.incrementAndGet();
        execute("create database " + name + " template " + template);
        return new TestDatabase(name);
    }

    public DataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(jdbcUrl());
        source.setUser(user());
        source.setPassword(password());
        return source;
    }

    /// Connections that are kept, for tests of many statements; the caller closes it.
    public HikariDataSource pool(int size) {
        HikariDataSource pool = new HikariDataSource();
        pool.setDataSource(dataSource());
        pool.setMaximumPoolSize(size);
        return pool;
    }

    /// What a server is told to use this database, with few enough connections.
    public Map<String, Object> settings() {
        return Map.of(
                "spring.datasource.url", jdbcUrl(),
                "spring.datasource.username", user(),
                "spring.datasource.password", password(),
                "spring.datasource.hikari.maximum-pool-size", CONNECTIONS);
    }

    /// [#settings()] for the command line of a server, which goes before what its own files say.
    public String[] arguments() {
        return settings().entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
    }

    public String jdbcUrl() {
        return Shared.SERVER.jdbcUrl(name);
    }

    public String user() {
        return Shared.SERVER.user();
    }

    public String password() {
        return Shared.SERVER.password();
    }

    private static void execute(String sql) {
        try (Connection connection = Shared.SERVER.dataSource("postgres").getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static final class Shared {
        static final LocalPostgres SERVER = start();

        private static LocalPostgres start() {
            try {
                LocalPostgres server = LocalPostgres.start(FOLDER, LocalPostgres.Durability.NONE);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
                dropLeftovers(server);
                return server;
            } catch (IOException | SQLException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        private static void dropLeftovers(LocalPostgres server) throws SQLException {
            try (Connection connection = server.dataSource("postgres").getConnection();
                    var statement = connection.createStatement();
                    var names = connection
                            .createStatement()
                            .executeQuery("select datname from pg_database where not datistemplate"
                                    + " and datname <> 'postgres'")) {
                while (names.next()) {
                    statement.execute("drop database " + names.getString(1) + " with (force)");
                }
            }
        }

        private static void stop(LocalPostgres server) {
            try {
                server.close();
            } catch (IOException e) {
                System.err.println("the test database did not stop: " + e);
            }
        }
    }
}
