package dev.safelight.backup;

import dev.safelight.asset.Failure;
import dev.safelight.backup.Manifest.Sequence;
import dev.safelight.backup.Manifest.Table;
import dev.safelight.catalog.RemovalLock;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/// The database as it was at one moment, with the promise that no object is removed until this is closed.
///
/// The lock comes before the snapshot: what the snapshot names was not yet removed, and will not be. It
/// belongs to the session, so it is held as long as the session lives, and no longer, whatever happens to
/// this process.
final class SnapshotRepository implements AutoCloseable {
    /// Held by the one backup that may run at a time.
    private static final long ONE_BACKUP = RemovalLock.KEY + 1;

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final int ALIVE_SECONDS = 10;

    /// Tables as a dump sees them: partitions are read through their parent, system tables and temporary
    /// ones not at all.
    private static final String TABLES = """
            select n.nspname, c.relname, array(
                select a.attname::text from pg_attribute a
                where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                order by a.attnum)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't'
              and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
            order by 1, 2
            """;

    /// Everything that the snapshot knows to be in the store, or that may be: originals of uploads that
    /// are still open, and of those that were refused, are copied where they are there. A database of an earlier
    /// release lacks some columns.
    private static final String OBJECTS = """
            copy (
              select bucket, key, required, bytes from (
                select 'raw' as bucket, key, bool_or(required) as required, max(bytes) as bytes
                from (select object_key as key, false as required, bytes from upload
                      union all
                      select original_key,
                             original_etag is not null and not exists (
                               select 1 from upload u where u.object_key = original_key and to_jsonb(u) ->> 'removed_at' is not null),
                             original_bytes from asset_version) original
                group by key
                union all
                select lower(bucket), object_key, true, bytes from variant) object
              order by bucket, key) to stdout
            """;

    private final Connection connection;

    private SnapshotRepository(Connection connection) {
        this.connection = connection;
    }

    /// @throws Failure BUSY when another backup runs, or something is being removed for long
    static SnapshotRepository open(DataSource database) throws SQLException {
        SnapshotRepository snapshot = new SnapshotRepository(database.getConnection());
        try {
            snapshot.lock();
            snapshot.begin();
            return snapshot;
        } catch (SQLException | Failure failed) {
            snapshot.close();
            throw failed;
        }
    }

    private void lock() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!one(statement, "select pg_try_advisory_lock(" + ONE_BACKUP + ")")
                    .equals("t")) {
                throw new Failure(
                        Failure.Kind.BUSY, "Another backup of this database runs. Try again when it has ended.");
            }
            statement.execute("set lock_timeout = '60s'");
            statement.execute("select pg_advisory_lock(" + RemovalLock.KEY + ")");
        } catch (SQLException failed) {
            if (LOCK_NOT_AVAILABLE.equals(failed.getSQLState())) {
                throw new Failure(
                        Failure.Kind.BUSY, "Objects are being removed, and that takes long. Try again later.", failed);
            }
            throw failed;
        }
    }

    private void begin() throws SQLException {
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        List<Table> tables = tables();
        if (tables.stream().noneMatch(table -> table.name().equals("flyway_schema_history"))) {
            throw new Failure(
                    Failure.Kind.INVALID, "The database holds nothing of Safelight yet: there is nothing to back up.");
        }
        try (Statement statement = connection.createStatement()) {
            // So that nobody changes a table between the snapshot and its copy.
            statement.execute(tables.stream()
                    .map(SnapshotRepository::quoted)
                    .collect(Collectors.joining(", ", "lock table ", " in access share mode")));
        }
    }

    /// The version of the last migration.
    String schema() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return one(statement, """
                    select version from flyway_schema_history where success and version is not null
                    order by installed_rank desc limit 1
                    """);
        }
    }

    long bytes() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return Long.parseLong(one(statement, """
                    select pg_database_size(current_database())
                        + (select coalesce(sum(bytes), 0) from variant)
                        + (select coalesce(sum(bytes), 0) from (
                             select max(original_bytes) as bytes from asset_version
                             where original_etag is not null group by original_key) o)
                    """));
        }
    }

    List<Table> tables() throws SQLException {
        return tables(connection);
    }

    static List<Table> tables(Connection connection) throws SQLException {
        List<Table> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(TABLES)) {
            while (rows.next()) {
                String[] columns = (String[]) rows.getArray(3).getArray();
                tables.add(new Table(rows.getString(1), rows.getString(2), List.of(columns), 0));
            }
        }
        return tables;
    }

    /// Sequences do not follow transactions: read after the tables, they are as far as these at least.
    List<Sequence> sequences() throws SQLException {
        List<Sequence> sequences = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                Statement inner = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select schemaname, sequencename from pg_sequences where schemaname not like 'pg\\_%' order by 1, 2")) {
            while (rows.next()) {
                String schema = rows.getString(1);
                String name = rows.getString(2);
                try (ResultSet state =
                        inner.executeQuery("select last_value, is_called from \"%s\".\"%s\"".formatted(schema, name))) {
                    state.next();
                    sequences.add(new Sequence(schema, name, state.getLong(1), state.getBoolean(2)));
                }
            }
        }
        return sequences;
    }

    /// Writes the rows of a table as PostgreSQL's text format has them.
    ///
    /// @return how many there are
    long copy(Table table, OutputStream out) throws SQLException, IOException {
        return copy("copy (select %s from %s) to stdout".formatted(columns(table), quoted(table)), out);
    }

    /// Writes bucket, key, whether it must be there (`t` or `f`) and expected bytes of all objects, a line
    /// for each.
    long copyObjects(OutputStream out) throws SQLException, IOException {
        return copy(OBJECTS, out);
    }

    private long copy(String sql, OutputStream out) throws SQLException, IOException {
        return connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql, out);
    }

    /// Ends the transaction, so that a long copy of objects keeps nothing from being cleaned up; the lock
    /// stays.
    void release() throws SQLException {
        connection.commit();
        connection.setAutoCommit(true);
    }

    /// @throws Failure UNAVAILABLE when the session is gone, and the lock with it
    void requireLocked() throws SQLException {
        if (!connection.isValid(ALIVE_SECONDS)) {
            throw new Failure(
                    Failure.Kind.UNAVAILABLE,
                    "The database went away during the backup, so objects may have been removed. Begin again.");
        }
    }

    static String columns(Table table) {
        return table.columns().stream().map(column -> "\"" + column + "\"").collect(Collectors.joining(", "));
    }

    static String quoted(Table table) {
        return "\"%s\".\"%s\"".formatted(table.schema(), table.name());
    }

    private static String one(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
