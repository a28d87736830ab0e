package dev.safelight.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The embedded PostgreSQL of a data folder, seen from outside of the server that started it.
public final class DataFolderDatabase {
    private static final int PID_LINE = 0;
    private static final int PORT_LINE = 3;

    private final Path folder;

    public DataFolderDatabase(Path data) {
        this.folder = data.toAbsolutePath().resolve("postgres");
    }

    public JdbcClient sql() {
        return sql("postgres");
    }

    /// @param database another one than the server's own
    public JdbcClient sql(String database) {
        return JdbcClient.create(dataSource(database));
    }

    /// Variables that lead another server to a database.
    public Map<String, String> environment(String database) {
        PGSimpleDataSource source = dataSource(database);
        return Map.of(
                "SPRING_DATASOURCE_URL", source.getUrl(),
                "SPRING_DATASOURCE_USERNAME", "postgres",
                "SPRING_DATASOURCE_PASSWORD", String.valueOf(source.getPassword()));
    }

    private PGSimpleDataSource dataSource(String database) {
        try {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setUrl(
                    "jdbc:postgresql://127.0.0.1:" + pidFile().get(PORT_LINE).strip() + "/" + database);
            source.setUser("postgres");
            source.setPassword(Files.readString(folder.resolve("password")));
            return source;
        } catch (IOException absent) {
            throw new UncheckedIOException(absent);
        }
    }

    /// The server process, while it runs.
    public Optional<ProcessHandle> process() {
        try {
            return ProcessHandle.of(Long.parseLong(pidFile().get(PID_LINE).strip()))
                    .filter(process -> PackagedJar.runsOn(process, folder));
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException notRunning) {
            return Optional.empty();
        }
    }

    /// Ends the server process without a farewell, as a crash would.
    public void kill() {
        process().ifPresent(server -> {
            server.destroyForcibly();
            server.onExit().orTimeout(20, TimeUnit.SECONDS).join();
        });
    }

    private List<String> pidFile() throws IOException {
        return Files.readAllLines(folder.resolve("data").resolve("postmaster.pid"));
    }
}
