package dev.safelight.purge;

import dev.safelight.asset.AssetId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The tables of purges, and of what nodes and edges have done of them. Times are those of the database, as
/// several machines compare them.
@Repository
class PurgeRepository {
    private static final String PURGE = """
            select p.*, k.name as starter from purge p left join api_key k on k.id = p.created_by
            """;

    private final JdbcClient jdbc;

    PurgeRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Adds a purge for all nodes and edges that are known now.
    ///
    /// A node that becomes known while this is being committed reads what it keeps after whoever asked for
    /// the purge had changed it, and has nothing older.
    void insert(UUID id, PurgeTarget target, Purge.Cause cause, @Nullable UUID by) {
        jdbc.sql("""
                insert into purge (id, what, subjects, assets, clears_all, cause, created_by, created_at)
                values (:id, :what, :subjects, cast(string_to_array(:assets, ',') as uuid[]), :clearsAll, :cause, :by,
                        now())
                """)
                .param("id", id)
                .param("what", target.what().text())
                .param("subjects", target.subjects().toArray(String[]::new))
                .param("assets", ids(target))
                .param("clearsAll", target.clearsAll())
                .param("cause", cause.name().toLowerCase(Locale.ROOT))
                .param("by", by)
                .update();
        jdbc.sql("insert into purge_node (purge, node) select :id, id from node")
                .param("id", id)
                .update();
        jdbc.sql("""
                insert into purge_edge (purge, edge, state, next_at) select :id, name, 'WAITING', now() from edge
                """).param("id", id).update();
    }

    private static String ids(PurgeTarget target) {
        return target.assets().stream().map(AssetId::toString).collect(Collectors.joining(","));
    }

    /// Assets that were ever uploaded for an article, deleted ones included.
    List<AssetId> assetsOf(String sku, int limit) {
        return jdbc.sql("select id from asset where metadata ->> 'sku' = :sku order by id limit :limit")
                .param("sku", sku)
                .param("limit", limit)
                .query((row, number) -> new AssetId(row.getObject("id", UUID.class)))
                .list();
    }

    List<String> edges() {
        return jdbc.sql("select name from edge order by name")
                .query(String.class)
                .list();
    }

    Optional<Purge> find(UUID id) {
        return jdbc.sql(PURGE + " where p.id = :id")
                .param("id", id)
                .query(PurgeRepository::purge)
                .optional()
                .map(purge -> withProgress(List.of(purge)).getFirst());
    }

    /// A page, newest first.
    ///
    /// @param by only those that a key asked for; null for all
    /// @param before the last id of the page before
    List<Purge> list(@Nullable UUID by, @Nullable UUID before, int limit) {
        return withProgress(jdbc.sql(PURGE + """
                 where (cast(:by as uuid) is null or p.created_by = cast(:by as uuid))
                   and (cast(:before as uuid) is null or p.id < cast(:before as uuid))
                 order by p.id desc limit :limit
                """)
                .param("by", by)
                .param("before", before)
                .param("limit", limit)
                .query(PurgeRepository::purge)
                .list());
    }

    private List<Purge> withProgress(List<Purge> purges) {
        String ids = purges.stream().map(purge -> purge.id().toString()).collect(Collectors.joining(","));
        Map<UUID, List<Purge.Node>> nodes = new HashMap<>();
        jdbc.sql("""
                select w.purge, n.id, n.name, w.confirmed_at,
                       n.seen_at < now() - cast(:away as interval) as is_away
                from purge_node w join node n on n.id = w.node
                where w.purge = any (cast(string_to_array(:ids, ',') as uuid[])) order by n.name, n.id
                """)
                .param("ids", ids)
                .param("away", NodeRepository.AWAY_AFTER.toSeconds() + " seconds")
                .query(row -> {
                    nodes.computeIfAbsent(row.getObject("purge", UUID.class), _ -> new ArrayList<>())
                            .add(node(row));
                });
        Map<UUID, List<Purge.Edge>> edges = new HashMap<>();
        jdbc.sql("""
                select w.*, e.kind from purge_edge w left join edge e on e.name = w.edge
                where w.purge = any (cast(string_to_array(:ids, ',') as uuid[])) order by w.edge
                """).param("ids", ids).query(row -> {
            edges.computeIfAbsent(row.getObject("purge", UUID.class), _ -> new ArrayList<>())
                    .add(edge(row));
        });
        return purges.stream()
                .map(purge -> new Purge(
                        purge.id(),
                        purge.target(),
                        purge.cause(),
                        purge.by(),
                        purge.createdAt(),
                        nodes.getOrDefault(purge.id(), List.of()),
                        edges.getOrDefault(purge.id(), List.of())))
                .toList();
    }

    private static Purge purge(ResultSet row, int number) throws SQLException {
        UUID by = row.getObject("created_by", UUID.class);
        return new Purge(
                row.getObject("id", UUID.class),
                new PurgeTarget(
                        PurgeTarget.What.parse(row.getString("what")).orElseThrow(),
                        List.of((String[]) row.getArray("subjects").getArray()),
                        Arrays.stream((UUID[]) row.getArray("assets").getArray())
                                .map(AssetId::new)
                                .collect(Collectors.toSet()),
                        row.getBoolean("clears_all")),
                Purge.Cause.valueOf(row.getString("cause").toUpperCase(Locale.ROOT)),
                by == null ? null : new Purge.Starter(by, row.getString("starter")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                List.of(),
                List.of());
    }

    private static Purge.Node node(ResultSet row) throws SQLException {
        return new Purge.Node(
                row.getObject("id", UUID.class),
                row.getString("name"),
                instant(row, "confirmed_at"),
                row.getBoolean("is_away"));
    }

    private static Purge.Edge edge(ResultSet row) throws SQLException {
        EdgeState state = EdgeState.valueOf(row.getString("state"));
        return new Purge.Edge(
                row.getString("edge"),
                row.getString("kind"),
                state,
                row.getInt("attempts"),
                row.getString("detail"),
                state.isOpen() ? instant(row, "next_at") : null,
                instant(row, "ended_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /// Has the edges told once more, and now, that refused or wait for another attempt.
    ///
    /// @return their names
    List<String> reopen(UUID id) {
        return jdbc.sql("""
                update purge_edge set state = 'WAITING', round = round + 1, attempts = 0, detail = null, next_at = now(),
                       ended_at = null
                where purge = :id and state in ('FAILED', 'RETRYING')
                returning edge
                """).param("id", id).query(String.class).list();
    }

    /// The newest purge of everything stays: nodes that start want to know when it was.
    int forgetEndedBefore(Duration age) {
        return jdbc.sql("""
                delete from purge p where p.created_at < now() - cast(:age as interval)
                  and not exists (select 1 from purge_node n where n.purge = p.id and n.confirmed_at is null)
                  and not exists (select 1 from purge_edge e where e.purge = p.id and e.state in ('WAITING', 'RETRYING'))
                  and not (p.clears_all and p.created_at = (select max(created_at) from purge where clears_all))
                """).param("age", age.toSeconds() + " seconds").update();
    }
}
