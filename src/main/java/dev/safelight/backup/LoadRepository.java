package dev.safelight.backup;

import dev.safelight.asset.Failure;
import dev.safelight.backup.Manifest.Sequence;
import dev.safelight.backup.Manifest.Table;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.postgresql.PGConnection;

/// Fills an empty database with the snapshot of a backup.
final class LoadRepository {
    private final DataSource database;

    LoadRepository(DataSource database) {
        this.database = database;
    }

    /// Makes the tables as they were, fills them, and brings them up to this version.
    ///
    /// @throws Failure UNSUPPORTED when a later version made the backup, INVALID when its tables do not fit
    void load(BackupFolder folder, Manifest manifest) throws IOException, SQLException {
        try {
            Flyway now = Flyway.configure().dataSource(database).load();
            requireKnown(now, manifest);
            Flyway then = Flyway.configure()
                    .dataSource(database)
                    .target(manifest.schema())
                    .load();
            then.migrate();
            fill(folder, manifest);
            now.migrate();
        } catch (FlywayException failed) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The schema of the backup cannot be made by this version of Safelight: "
                            + String.valueOf(failed.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse(""),
                    failed);
        }
        settle();
    }

    private static void requireKnown(Flyway flyway, Manifest manifest) {
        boolean known = Arrays.stream(flyway.info().all())
                .map(MigrationInfo::getVersion)
                .anyMatch(version -> version != null && version.getVersion().equals(manifest.schema()));
        if (!known) {
            throw new Failure(
                    Failure.Kind.UNSUPPORTED,
                    "The backup was made by Safelight %s with the database schema %s, which this version does not know. Restore it with that version or a later one."
                            .formatted(manifest.safelight(), manifest.schema()));
        }
    }

    private void fill(BackupFolder folder, Manifest manifest) throws IOException, SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            requireSameTables(SnapshotRepository.tables(connection), manifest);
            // Triggers have had their effect already, and tables may refer to each other in any order.
            statement.execute("set local session_replication_role = replica");
            statement.execute(manifest.tables().stream()
                    .map(SnapshotRepository::quoted)
                    .collect(Collectors.joining(", ", "truncate ", "")));
            for (Table table : manifest.tables()) {
                copyIn(connection, table, folder);
            }
            for (Sequence sequence : manifest.sequences()) {
                set(connection, sequence);
            }
            statement.execute("set local session_replication_role = origin");
            checkReferences(statement);
            connection.commit();
            connection.setAutoCommit(true);
            statement.execute("analyze");
        }
    }

    private static void requireSameTables(List<Table> made, Manifest manifest) {
        Set<String> expected = described(made);
        Set<String> found = described(manifest.tables());
        if (!expected.equals(found)) {
            Set<String> differing = new HashSet<>(expected);
            differing.addAll(found);
            differing.removeIf(table -> expected.contains(table) && found.contains(table));
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The backup does not have the tables of its schema %s; these differ: %s"
                            .formatted(manifest.schema(), differing));
        }
    }

    private static Set<String> described(List<Table> tables) {
        return tables.stream()
                .map(table -> table.name() + table.columns().stream().sorted().toList())
                .collect(Collectors.toSet());
    }

    private static void copyIn(Connection connection, Table table, BackupFolder folder)
            throws IOException, SQLException {
        String sql = "copy %s (%s) from stdin"
                .formatted(SnapshotRepository.quoted(table), SnapshotRepository.columns(table));
        try (InputStream in = new BufferedInputStream(Files.newInputStream(folder.file(table.file())))) {
            long rows = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql, in);
            if (rows != table.rows()) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "%s has %d rows, and the manifest promises %d.".formatted(table.file(), rows, table.rows()));
            }
        }
    }

    private static void set(Connection connection, Sequence sequence) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement("select setval(cast(? as regclass), ?, ?)")) {
            set.setString(1, "\"%s\".\"%s\"".formatted(sequence.schema(), sequence.name()));
            set.setLong(2, sequence.last());
            set.setBoolean(3, sequence.called());
            set.execute();
        }
    }

    /// Has all foreign keys checked, which is what enforcing one anew does.
    private static void checkReferences(Statement statement) throws SQLException {
        List<String> keys = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("""
                select format('alter table %s alter constraint %I', conrelid::regclass, conname)
                from pg_constraint where contype = 'f' and conparentid = 0 and conenforced
                """)) {
            while (rows.next()) {
                keys.add(rows.getString(1));
            }
        }
        for (String key : keys) {
            statement.execute(key + " not enforced");
            statement.execute(key + " enforced");
        }
    }

    /// Takes back what was true of the processes and objects of then. Jobs that ran run again; the
    /// snapshot caught them, so their attempts count for nothing. Objects that nothing knew were not backed up.
    private void settle() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    update scheduled_tasks
                    set picked = false, picked_by = null, last_heartbeat = null, version = version + 1 where picked
                    """);
            statement.execute("""
                    update job_run set outcome = 'LOST', superseded = true, finished_at = now() where outcome = 'RUNNING'
                    """);
            statement.execute("delete from orphan");
            // Tags were copied later than the decisions that they tell of.
            statement.execute("""
                    update asset_version v set tags_due = true from asset a
                    where a.id = v.asset_id and a.space = 'user' and v.status = 'READY'
                    """);
            statement.execute("checkpoint");
        }
    }
}
