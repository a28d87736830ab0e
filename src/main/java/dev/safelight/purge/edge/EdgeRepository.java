package dev.safelight.purge.edge;

import dev.safelight.asset.AssetId;
import dev.safelight.purge.PurgeTarget;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Which edges there are, and what each is still to be told. Times are those of the database, as several
/// machines compare them.
@Repository
class EdgeRepository {
    /// For a moment, nodes go first, and then shields: whoever fills a cache from one that was not purged
    /// yet fills it with what was to go.
    private static final String OUTER_TURN = """
            (p.created_at < now() - interval '10 seconds' or (
                (p.created_at < now() - interval '3 seconds' or not exists (
                    select 1 from purge_node n join node on node.id = n.node
                    where n.purge = p.id and n.confirmed_at is null and node.seen_at > now() - interval '15 seconds'))
                and not exists (
                    select 1 from purge_edge nearer join edge e on e.name = nearer.edge
                    where nearer.purge = p.id and nearer.state in ('WAITING', 'RETRYING') and e.tier < :tier)))
            """;

    /// The rows of some purges that an edge was told of: not those that became due once more meanwhile, of
    /// which it has not heard. All lock rows in this order, so that nobody waits for each other.
    private static final String MINE = """
            with mine as (
                select purge, edge from purge_edge
                where edge = :edge and state in ('WAITING', 'RETRYING') and (purge, round) in (
                    select * from unnest(
                        cast(string_to_array(:purges, ',') as uuid[]), cast(string_to_array(:rounds, ',') as int[])))
                order by purge for update
            )
            """;

    private final JdbcClient jdbc;

    EdgeRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// A purge that an edge is to be told of now.
    ///
    /// @param round grows when it is done once more
    /// @param attempts that failed so far
    /// @param isWithdrawal whether it is about what must not be seen any more, rather than about what is old
    record Due(UUID purge, int round, int attempts, boolean isWithdrawal, PurgeTarget target) {}

    /// Notes that workers have an edge configured.
    void seen(Edge edge) {
        jdbc.sql("""
                insert into edge (name, kind, tier, seen_at) values (:name, :kind, :tier, now())
                on conflict (name) do update set kind = excluded.kind, tier = excluded.tier, seen_at = now()
                """)
                .param("name", edge.name())
                .param("kind", edge.kind().text())
                .param("tier", edge.kind().tier().distance())
                .update();
    }

    /// Forgets edges that no worker has any more, and ends what they were to be told: also what was added
    /// while they were being forgotten, or asked for once more since.
    int forgetUnseen(Duration since) {
        return jdbc.sql("""
                with gone as (
                    delete from edge where seen_at < now() - cast(:since as interval) returning name
                )
                update purge_edge w set state = 'FAILED', detail = 'no worker has this edge any more', ended_at = now()
                where state in ('WAITING', 'RETRYING')
                  and (edge in (select name from gone) or not exists (select 1 from edge e where e.name = w.edge))
                """).param("since", since.toSeconds() + " seconds").update();
    }

    List<Due> due(Edge edge, int limit) {
        return jdbc.sql("""
                select w.purge, w.round, w.attempts, p.cause, p.what, p.subjects, p.assets, p.clears_all
                from purge_edge w join purge p on p.id = w.purge
                where w.edge = :edge and w.state in ('WAITING', 'RETRYING') and w.next_at <= now() and
                """ + OUTER_TURN + " order by w.purge limit :limit")
                .param("edge", edge.name())
                .param("tier", edge.kind().tier().distance())
                .param("limit", limit)
                .query(EdgeRepository::due)
                .list();
    }

    private static Due due(ResultSet row, int number) throws SQLException {
        return new Due(
                row.getObject("purge", UUID.class),
                row.getInt("round"),
                row.getInt("attempts"),
                row.getString("cause").equals("withdrawal"),
                new PurgeTarget(
                        PurgeTarget.What.parse(row.getString("what")).orElseThrow(),
                        List.of((String[]) row.getArray("subjects").getArray()),
                        Arrays.stream((UUID[]) row.getArray("assets").getArray())
                                .map(AssetId::new)
                                .collect(Collectors.toSet()),
                        row.getBoolean("clears_all")));
    }

    /// They are done. What lies further out and was told before is told once more, as is what is being told
    /// now: it may have been filled from here meanwhile.
    void done(Edge edge, Collection<Due> purges) {
        of(edge, purges, MINE + """
                , done as (
                    update purge_edge w set state = 'DONE', detail = null, ended_at = now()
                    from mine where w.purge = mine.purge and w.edge = mine.edge
                    returning w.purge
                ), further as (
                    select o.purge, o.edge from purge_edge o join done on done.purge = o.purge
                    join edge e on e.name = o.edge
                    where e.tier > :tier and o.state <> 'FAILED'
                    order by o.purge, o.edge for update of o
                )
                update purge_edge o
                set round = o.round + 1,
                    state = case o.state when 'DONE' then 'WAITING' else o.state end,
                    attempts = case o.state when 'DONE' then 0 else o.attempts end,
                    next_at = case o.state when 'DONE' then now() else o.next_at end,
                    ended_at = null
                from further f where o.purge = f.purge and o.edge = f.edge
                """)
                .param("tier", edge.kind().tier().distance())
                .update();
    }

    void retry(Edge edge, Collection<Due> purges, String reason, Duration pause) {
        of(edge, purges, MINE + """
                update purge_edge w set state = 'RETRYING', attempts = attempts + 1, detail = :reason,
                       next_at = now() + cast(:pause as interval)
                from mine where w.purge = mine.purge and w.edge = mine.edge
                """)
                .param("reason", reason)
                .param("pause", pause.toMillis() + " milliseconds")
                .update();
    }

    /// Nothing failed: the limits of the edge have no room now.
    void postpone(Edge edge, Collection<Due> purges, Duration pause) {
        of(edge, purges, MINE + """
                update purge_edge w set next_at = now() + cast(:pause as interval)
                from mine where w.purge = mine.purge and w.edge = mine.edge
                """)
                .param("pause", pause.toMillis() + " milliseconds")
                .update();
    }

    void fail(Edge edge, Collection<Due> purges, String reason) {
        of(edge, purges, MINE + """
                update purge_edge w set state = 'FAILED', attempts = attempts + 1, detail = :reason, ended_at = now()
                from mine where w.purge = mine.purge and w.edge = mine.edge
                """).param("reason", reason).update();
    }

    private JdbcClient.StatementSpec of(Edge edge, Collection<Due> purges, String sql) {
        return jdbc.sql(sql)
                .param("edge", edge.name())
                .param("purges", joined(purges, due -> due.purge().toString()))
                .param("rounds", joined(purges, due -> String.valueOf(due.round())));
    }

    private static String joined(Collection<Due> purges, Function<Due, String> text) {
        return purges.stream().map(text).collect(Collectors.joining(","));
    }

    /// Edges that are to be told of something by now, whether it is their turn or not.
    List<String> busy() {
        return jdbc.sql("""
                select distinct edge from purge_edge where state in ('WAITING', 'RETRYING') and next_at <= now()
                """).query(String.class).list();
    }
}
