package dev.safelight.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// Where a [LocalPostgres] that another process started is reached, as the files on its folder say.
///
/// @param password of the one user there is
public record PostgresAddress(int port, String password) {
    private static final int PORT_LINE = 3;

    /// @param folder that the server was started on
    /// @return empty when none runs there; one that is found may still be starting, or have been killed
    public static Optional<PostgresAddress> find(Path folder) throws IOException {
        try {
            List<String> lines = Files.readAllLines(folder.resolve("data").resolve("postmaster.pid"));
            if (lines.size() <= PORT_LINE) {
                return Optional.empty();
            }
            String password = Files.readString(folder.resolve("password")).strip();
            return Optional.of(
                    new PostgresAddress(Integer.parseInt(lines.get(PORT_LINE).strip()), password));
        } catch (NoSuchFileException | NumberFormatException notRunning) {
            return Optional.empty();
        }
    }

    /// Whether a folder has a database, running or not.
    public static boolean isDatabase(Path folder) {
        return Files.exists(folder.resolve("data").resolve("PG_VERSION"));
    }

    /// Unpooled connections.
    public DataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl("jdbc:postgresql://127.0.0.1:" + port + "/postgres");
        source.setUser("postgres");
        source.setPassword(password);
        return source;
    }

    @Override
    public String toString() {
        return "PostgresAddress[" + port + "]";
    }
}
