package dev.safelight.usage;

import dev.safelight.asset.Space;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The tables of usage.
@Repository
class UsageRepository {
    private static final long LOCK = 0x5361_6665_7573_6167L;
    private static final int LONGEST_GAP = 400;

    private final JdbcClient jdbc;

    UsageRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void addTraffic(LocalDate day, Space space, Feature feature, Traffic.Taken taken) {
        jdbc.sql("""
                insert into usage_day (day, space, feature, egress_bytes, requests)
                values (:day, :space, :feature, :bytes, :requests)
                on conflict (day, space, feature) do update set
                    egress_bytes = usage_day.egress_bytes + excluded.egress_bytes,
                    requests = usage_day.requests + excluded.requests
                """)
                .param("day", day)
                .param("space", space.text())
                .param("feature", feature.text())
                .param("bytes", taken.bytes())
                .param("requests", taken.requests())
                .update();
    }

    /// Lets one at a time sum up, until its transaction ends; false when another does.
    boolean lock() {
        return jdbc.sql("select pg_try_advisory_xact_lock(:lock)")
                .param("lock", LOCK)
                .query(Boolean.class)
                .single();
    }

    /// Gives the days that nobody counted what there was at their time.
    void fillGap(LocalDate today) {
        jdbc.sql("""
                insert into usage_day (day, space, feature, stored_bytes, stored_objects, counted)
                select cast(g as date), t.space, t.feature, t.bytes, t.objects, true
                from usage_total t
                cross join generate_series(
                    greatest(coalesce((select max(day) from usage_day where counted), :today) + 1, :today - :gap),
                    cast(:today - 1 as timestamp), interval '1 day') g
                on conflict (day, space, feature) do update set
                    stored_bytes = excluded.stored_bytes, stored_objects = excluded.stored_objects, counted = true
                where not usage_day.counted
                """).param("today", today).param("gap", LONGEST_GAP).update();
    }

    /// Adds some lines to the totals and takes them away.
    ///
    /// @return how many
    int fold(LocalDate today, int limit) {
        return jdbc.sql("""
                with gone as (
                    delete from usage_delta where id in (select id from usage_delta order by id limit :limit)
                    returning space, feature, bytes, objects, processed, seconds),
                sums as (
                    select space, feature, sum(bytes) as bytes, sum(objects) as objects, sum(processed) as processed,
                           sum(seconds) as seconds
                    from gone group by space, feature),
                totals as (
                    insert into usage_total (space, feature, bytes, objects)
                    select space, feature, bytes, objects from sums
                    on conflict (space, feature) do update set
                        bytes = usage_total.bytes + excluded.bytes, objects = usage_total.objects + excluded.objects),
                work as (
                    insert into usage_day (day, space, feature, processed, seconds)
                    select :today, space, feature, processed, seconds from sums where processed > 0
                    on conflict (day, space, feature) do update set
                        processed = usage_day.processed + excluded.processed,
                        seconds = usage_day.seconds + excluded.seconds)
                select count(*) from gone
                """)
                .param("today", today)
                .param("limit", limit)
                .query(Integer.class)
                .single();
    }

    /// Makes the totals those of a day.
    void count(LocalDate today) {
        jdbc.sql("""
                insert into usage_day (day, space, feature, stored_bytes, stored_objects, counted)
                select :today, space, feature, bytes, objects, true from usage_total order by space, feature
                on conflict (day, space, feature) do update set
                    stored_bytes = excluded.stored_bytes, stored_objects = excluded.stored_objects, counted = true
                where (usage_day.stored_bytes, usage_day.stored_objects, usage_day.counted)
                      is distinct from (excluded.stored_bytes, excluded.stored_objects, true)
                """).param("today", today).update();
    }

    List<UsageDay> days(LocalDate from, LocalDate to, @Nullable Space space) {
        return jdbc.sql("""
                select * from usage_day
                where day between :from and :to and (cast(:space as text) is null or space = cast(:space as text))
                order by day, space, feature
                """)
                .param("from", from)
                .param("to", to)
                .param("space", space == null ? null : space.text())
                .query((row, number) -> new UsageDay(
                        row.getObject("day", LocalDate.class),
                        Space.parse(row.getString("space")).orElseThrow(),
                        Feature.parse(row.getString("feature")),
                        row.getLong("stored_bytes"),
                        row.getLong("stored_objects"),
                        row.getLong("egress_bytes"),
                        row.getLong("requests"),
                        row.getLong("processed"),
                        row.getDouble("seconds")))
                .list();
    }

    /// What was counted of a day.
    record UsageDay(
            LocalDate day,
            Space space,
            Feature feature,
            long storedBytes,
            long storedObjects,
            long egressBytes,
            long requests,
            long processed,
            double seconds) {}
}
