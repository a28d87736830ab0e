package dev.safelight.backfill;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.Space;
import dev.safelight.backfill.Backfill.State;
import dev.safelight.catalog.ReadyAssets;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The table of backfills.
@Repository
class BackfillRepository {
    /// Of all transactions that add jobs of backfills; whoever takes jobs back keeps them out.
    private static final long LOCK = 0x6261636b66696c6cL;

    private static final String BACKFILL = """
            select b.*, k.name as starter,
                   (select count(*) from backfill_item i where i.backfill = b.id) as waiting
            from backfill b join api_key k on k.id = b.created_by
            """;

    private final JdbcClient jdbc;

    BackfillRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Keeps out whoever is [#alone], until the transaction ends.
    void together() {
        lock("pg_advisory_xact_lock_shared");
    }

    /// Keeps out everybody else, until the transaction ends.
    void alone() {
        lock("pg_advisory_xact_lock");
    }

    private void lock(String function) {
        jdbc.sql("select " + function + "(:lock)")
                .param("lock", LOCK)
                .query((row, number) -> true)
                .single();
    }

    void insert(Backfill backfill) {
        ReadyAssets.Query query = backfill.query();
        List<AssetId> assets = query.assets();
        jdbc.sql("""
                insert into backfill (id, state, spaces, created_after, created_before, sku_prefix, assets, per_minute,
                                      in_flight, total, next_at, running_since, created_by, created_at)
                values (:id, :state, string_to_array(:spaces, ','), :after, :before, :sku,
                        cast(string_to_array(:assets, ',') as uuid[]), :perMinute, :inFlight, :total, :now, :now, :by,
                        :now)
                """)
                .param("id", backfill.id())
                .param("state", backfill.state().name())
                .param("spaces", joined(query.spaces()))
                .param("after", query.createdAfter() == null ? null : time(query.createdAfter()))
                .param("before", time(query.createdBefore()))
                .param("sku", query.skuPrefix())
                .param(
                        "assets",
                        assets == null
                                ? null
                                : assets.stream().map(AssetId::toString).collect(Collectors.joining(",")))
                .param("perMinute", backfill.throttle().perMinute())
                .param("inFlight", backfill.throttle().inFlight())
                .param("total", backfill.counts().total())
                .param("now", time(backfill.createdAt()))
                .param("by", backfill.startedBy().id())
                .update();
    }

    Optional<Backfill> find(UUID id) {
        return jdbc.sql(BACKFILL + " where b.id = :id")
                .param("id", id)
                .query(this::backfill)
                .optional();
    }

    /// Keeps others from changing a backfill until the transaction ends.
    Optional<Backfill> lock(UUID id) {
        return jdbc.sql(BACKFILL + " where b.id = :id for update of b")
                .param("id", id)
                .query(this::backfill)
                .optional();
    }

    /// The same, but empty when somebody else is at it.
    Optional<Backfill> lockIfFree(UUID id) {
        return jdbc.sql(BACKFILL + " where b.id = :id for update of b skip locked")
                .param("id", id)
                .query(this::backfill)
                .optional();
    }

    /// Those with something to do or to count, oldest first.
    List<UUID> atWork() {
        return jdbc.sql("""
                select id from backfill b
                where state in ('RUNNING', 'PAUSED') or exists (select 1 from backfill_item i where i.backfill = b.id)
                order by id
                """).query(UUID.class).list();
    }

    /// A page, newest first.
    ///
    /// @param within none is listed that covers another space
    List<Backfill> list(Set<Space> within, @Nullable UUID before, int limit) {
        return jdbc.sql(BACKFILL + """
                 where b.spaces <@ string_to_array(:within, ',')
                   and (cast(:before as uuid) is null or b.id < cast(:before as uuid))
                 order by b.id desc limit :limit
                """)
                .param("within", joined(within))
                .param("before", before)
                .param("limit", limit)
                .query(this::backfill)
                .list();
    }

    Map<State, Integer> countByState() {
        Map<State, Integer> counts = new EnumMap<>(State.class);
        jdbc.sql("select state, count(*) as backfills from backfill group by state")
                .query(row -> {
                    counts.put(State.valueOf(row.getString("state")), row.getInt("backfills"));
                });
        return counts;
    }

    int countOpen() {
        return jdbc.sql("select count(*) from backfill where state in ('RUNNING', 'PAUSED')")
                .query(Integer.class)
                .single();
    }

    /// Adds what was done to the counts.
    void advance(UUID id, Step step, Instant nextAt) {
        AssetId position = step.position();
        jdbc.sql("""
                update backfill set position = coalesce(cast(:position as uuid), position), walked = walked or :walked,
                    examined = examined + :examined, needed = needed + :needed, enqueued = enqueued + :enqueued,
                    done = done + :done, failed = failed + :failed, made = made + :made,
                    bytes_to_write = bytes_to_write + :toWrite, bytes_freed = bytes_freed + :freed, next_at = :next
                where id = :id
                """)
                .param("id", id)
                .param("position", position == null ? null : position.value())
                .param("walked", step.isWalked())
                .param("examined", step.examined())
                .param("needed", step.needed())
                .param("enqueued", step.enqueuedJobs())
                .param("done", step.doneJobs())
                .param("failed", step.failedJobs())
                .param("made", step.made())
                .param("toWrite", step.bytesToWrite())
                .param("freed", step.bytesFreed())
                .param("next", time(nextAt))
                .update();
    }

    void pause(UUID id) {
        jdbc.sql("update backfill set state = 'PAUSED' where id = :id")
                .param("id", id)
                .update();
    }

    void run(UUID id, Instant now) {
        jdbc.sql("""
                update backfill set state = 'RUNNING', running_since = :now, next_at = :now, finished_at = null
                where id = :id
                """).param("id", id).param("now", time(now)).update();
    }

    /// @param state DONE or CANCELLED
    void finish(UUID id, State state, Instant now) {
        jdbc.sql("update backfill set state = :state, finished_at = :now where id = :id")
                .param("id", id)
                .param("state", state.name())
                .param("now", time(now))
                .update();
    }

    void takeBackFailures(UUID id, int failures) {
        jdbc.sql("update backfill set failed = failed - :failures where id = :id")
                .param("id", id)
                .param("failures", failures)
                .update();
    }

    int forgetFinishedBefore(Instant limit) {
        return jdbc.sql("""
                delete from backfill b where finished_at < :limit
                    and not exists (select 1 from backfill_item i where i.backfill = b.id)
                """).param("limit", time(limit)).update();
    }

    private static String joined(Set<Space> spaces) {
        return spaces.stream().map(Space::text).sorted().collect(Collectors.joining(","));
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private Backfill backfill(ResultSet row, int number) throws SQLException {
        UUID position = row.getObject("position", UUID.class);
        int perMinute = row.getInt("per_minute");
        Integer most = row.wasNull() ? null : perMinute;
        return new Backfill(
                row.getObject("id", UUID.class),
                State.valueOf(row.getString("state")),
                query(row),
                new Backfill.Throttle(most, row.getInt("in_flight")),
                counts(row),
                position == null ? null : new AssetId(position),
                row.getBoolean("walked"),
                row.getInt("waiting"),
                instant(row, "next_at"),
                instant(row, "running_since"),
                new Backfill.Starter(row.getObject("created_by", UUID.class), row.getString("starter")),
                instant(row, "created_at"),
                instantOrNull(row, "finished_at"));
    }

    private static ReadyAssets.Query query(ResultSet row) throws SQLException {
        Array assets = row.getArray("assets");
        return new ReadyAssets.Query(
                Stream.of((String[]) row.getArray("spaces").getArray())
                        .map(text -> Space.parse(text).orElseThrow())
                        .collect(Collectors.toSet()),
                instantOrNull(row, "created_after"),
                instant(row, "created_before"),
                row.getString("sku_prefix"),
                assets == null
                        ? null
                        : Arrays.stream((UUID[]) assets.getArray())
                                .map(AssetId::new)
                                .toList());
    }

    private static Backfill.Counts counts(ResultSet row) throws SQLException {
        return new Backfill.Counts(
                row.getLong("total"),
                row.getLong("examined"),
                row.getLong("needed"),
                row.getLong("enqueued"),
                row.getLong("done"),
                row.getLong("failed"),
                row.getLong("made"),
                row.getLong("bytes_to_write"),
                row.getLong("bytes_freed"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
