package dev.safelight.cli;

import dev.safelight.asset.Failure;
import dev.safelight.backup.DataPlaces;
import dev.safelight.database.LocalPostgres;
import dev.safelight.database.LocalPostgres.Durability;
import dev.safelight.database.PostgresAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The database of a data folder: that of the server which runs there, or one that is started for the time
/// being.
final class BackupSource implements AutoCloseable {
    /// For a server that is just coming up.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final long PAUSE_MILLIS = 250;

    private final DataFolder folder;
    private final @Nullable LocalPostgres started;
    private final DataSource database;
    private boolean closed;

    private BackupSource(DataFolder folder, @Nullable LocalPostgres started, DataSource database) {
        this.folder = folder;
        this.started = started;
        this.database = database;
    }

    /// @throws CliException when the folder is none of an embedded server
    static void requireData(Path data) {
        Path postgres = DataPlaces.postgres(data);
        boolean database = PostgresAddress.isDatabase(postgres);
        boolean store = DataPlaces.hasStore(data);
        if (!Files.isDirectory(data) || (!database && !store)) {
            throw new CliException(
                    ExitCode.USAGE, data + " is no data folder of Safelight. Name the right one with --data.");
        }
        if (!database || !store) {
            throw new CliException(
                    ExitCode.REFUSED,
                    "the %s of %s is not embedded, so this command cannot back it up. Use the tools of that service (%s); see docs/backup.md."
                            .formatted(
                                    database ? "object store" : "database",
                                    data,
                                    database ? "such as rclone or replication" : "such as pg_dump"));
        }
    }

    static BackupSource open(Path data) throws IOException, InterruptedException {
        requireData(data);
        DataFolder folder = new DataFolder(data);
        Path postgres = DataPlaces.postgres(folder.path());
        if (Files.exists(DataPlaces.restoring(folder.path()))) {
            throw new CliException(
                    ExitCode.REFUSED,
                    "a restore into %s has not ended, or was cut off. Run it again: safelight restore"
                            .formatted(folder.path()));
        }
        if (!folder.tryAcquire()) {
            return new BackupSource(folder, null, connect(postgres));
        }
        try {
            LocalPostgres server = LocalPostgres.start(postgres, Durability.FULL);
            BackupSource source = new BackupSource(folder, server, server.dataSource("postgres"));
            // Without it the server would outlive a backup that is told to stop.
            Runtime.getRuntime().addShutdownHook(new Thread(source::closeNow, "close-database"));
            return source;
        } catch (IOException | InterruptedException | RuntimeException failed) {
            folder.close();
            throw failed;
        }
    }

    private static DataSource connect(Path postgres) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<PostgresAddress> address = PostgresAddress.find(postgres);
            if (address.isPresent()) {
                DataSource database = address.get().dataSource();
                try (var connection = database.getConnection()) {
                    return database;
                } catch (SQLException notYet) {
                    if (System.nanoTime() > deadline) {
                        throw new Failure(
                                Failure.Kind.UNAVAILABLE,
                                "The database of the running server does not answer: " + notYet.getMessage(),
                                notYet);
                    }
                }
            } else if (System.nanoTime() > deadline) {
                throw new Failure(
                        Failure.Kind.UNAVAILABLE,
                        "Another Safelight uses the data folder, and its database does not run.");
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    DataSource database() {
        return database;
    }

    private void closeNow() {
        try {
            close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Stops what was started, and leaves alone what ran before.
    @Override
    public synchronized void close() throws IOException {
        if (started != null && !closed) {
            closed = true;
            started.close();
            folder.close();
        }
    }
}
