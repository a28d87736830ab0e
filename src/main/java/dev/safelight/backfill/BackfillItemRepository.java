package dev.safelight.backfill;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.VersionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/// What becomes of the single versions of backfills: in flight, failed, and counted for the pace.
@Repository
class BackfillItemRepository {
    private final JdbcClient jdbc;

    BackfillItemRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// @param own whether its job was added for it
    record Item(VersionId version, boolean own) {}

    record Failed(VersionId version, String reason, Instant failedAt, boolean again) {}

    void add(UUID backfill, VersionId version, boolean own, Instant now) {
        of(backfill, version, """
                insert into backfill_item (backfill, asset_id, version, own, enqueued_at)
                values (:backfill, :asset, :version, :own, :now) on conflict do nothing
                """).param("own", own).param("now", time(now)).update();
    }

    List<Item> items(UUID backfill) {
        return jdbc.sql("select * from backfill_item where backfill = :backfill order by asset_id desc, version")
                .param("backfill", backfill)
                .query((row, number) -> new Item(version(row), row.getBoolean("own")))
                .list();
    }

    void remove(UUID backfill, VersionId version) {
        of(backfill, version, """
                delete from backfill_item where backfill = :backfill and asset_id = :asset and version = :version
                """).update();
    }

    /// Leaves a job to other backfills that wait for it, too; false when there are none.
    boolean bequeath(UUID backfill, VersionId version) {
        return of(backfill, version, """
                update backfill_item set own = true
                where backfill <> :backfill and asset_id = :asset and version = :version
                """).update() > 0;
    }

    /// Lists a failure, unless that many are listed already.
    void addFailure(UUID backfill, VersionId version, String reason, int most, Instant now) {
        of(backfill, version, """
                insert into backfill_failure (backfill, asset_id, version, reason, failed_at)
                select :backfill, :asset, :version, :reason, :now
                where (select count(*) from backfill_failure where backfill = :backfill) < :most
                on conflict (backfill, asset_id, version) do update
                set reason = excluded.reason, failed_at = excluded.failed_at, again = false
                """)
                .param("reason", reason)
                .param("most", most)
                .param("now", time(now))
                .update();
    }

    /// Those that were given up and are not to be tried again, newest first.
    List<Failed> failures(UUID backfill, int limit) {
        return jdbc.sql("""
                select * from backfill_failure where backfill = :backfill and not again
                order by failed_at desc, asset_id limit :limit
                """)
                .param("backfill", backfill)
                .param("limit", limit)
                .query((row, number) -> new Failed(
                        version(row),
                        row.getString("reason"),
                        row.getObject("failed_at", OffsetDateTime.class).toInstant(),
                        row.getBoolean("again")))
                .list();
    }

    /// Has the listed failures tried again.
    int markFailuresForRetry(UUID backfill) {
        return jdbc.sql("update backfill_failure set again = true where backfill = :backfill and not again")
                .param("backfill", backfill)
                .update();
    }

    List<VersionId> toRetry(UUID backfill, int limit) {
        return jdbc.sql("""
                select * from backfill_failure where backfill = :backfill and again
                order by asset_id desc, version limit :limit
                """)
                .param("backfill", backfill)
                .param("limit", limit)
                .query((row, number) -> version(row))
                .list();
    }

    void removeFailure(UUID backfill, VersionId version) {
        of(backfill, version, """
                delete from backfill_failure where backfill = :backfill and asset_id = :asset and version = :version
                """).update();
    }

    /// Notes what happened in the stretch of time that now belongs to, and forgets what is old.
    void note(UUID backfill, Step step, Duration stretch, Instant forget, Instant now) {
        long seconds = stretch.toSeconds();
        Instant slot = Instant.ofEpochSecond(Math.floorDiv(now.getEpochSecond(), seconds) * seconds);
        jdbc.sql("""
                insert into backfill_pace (backfill, slot, examined, ended) values (:backfill, :slot, :examined, :ended)
                on conflict (backfill, slot) do update
                set examined = backfill_pace.examined + excluded.examined, ended = backfill_pace.ended + excluded.ended
                """)
                .param("backfill", backfill)
                .param("slot", time(slot))
                .param("examined", step.examined())
                .param("ended", step.ended())
                .update();
        jdbc.sql("delete from backfill_pace where backfill = :backfill and slot < :forget")
                .param("backfill", backfill)
                .param("forget", time(forget))
                .update();
    }

    /// The pace from a moment on.
    Pace pace(UUID backfill, Instant from, Instant now) {
        return jdbc.sql("""
                select coalesce(sum(examined), 0) as examined, coalesce(sum(ended), 0) as ended
                from backfill_pace where backfill = :backfill and slot >= :from
                """)
                .param("backfill", backfill)
                .param("from", time(from))
                .query((row, number) ->
                        Pace.of(row.getLong("examined"), row.getLong("ended"), Duration.between(from, now)))
                .single();
    }

    private StatementSpec of(UUID backfill, VersionId version, String sql) {
        return jdbc.sql(sql)
                .param("backfill", backfill)
                .param("asset", version.asset().value())
                .param("version", version.version());
    }

    private static VersionId version(ResultSet row) throws SQLException {
        return new VersionId(new AssetId(row.getObject("asset_id", UUID.class)), row.getInt("version"));
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
