package dev.safelight.purge;

import dev.safelight.asset.AssetId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The nodes, and what each has still to purge. Times are those of the database, as several machines
/// compare them.
@Repository
class NodeRepository {
    /// Without a sign of life, a node counts as away.
    static final Duration AWAY_AFTER = Duration.ofSeconds(15);

    private final JdbcClient jdbc;

    NodeRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// What a node has to purge.
    record Task(UUID purge, Set<AssetId> assets, boolean clearsAll, Instant createdAt) {}

    /// @param run of the process, which takes the node over from any before it
    /// @return whether the node was known
    boolean register(UUID node, UUID run, String name) {
        return jdbc.sql("""
                insert into node (id, name, run, started_at, seen_at) values (:node, :name, :run, now(), now())
                on conflict (id) do update
                    set name = excluded.name, run = excluded.run, started_at = now(), seen_at = now()
                returning xmax <> 0
                """)
                .param("node", node)
                .param("run", run)
                .param("name", name)
                .query(Boolean.class)
                .single();
    }

    /// A sign of life; false when the node is forgotten, or another process has it.
    boolean beat(UUID node, UUID run) {
        return jdbc.sql("update node set seen_at = now() where id = :node and run = :run")
                        .param("node", node)
                        .param("run", run)
                        .update()
                > 0;
    }

    /// Whether there is such a node, whoever has it.
    boolean isKnown(UUID node) {
        return jdbc.sql("select exists (select 1 from node where id = :node)")
                .param("node", node)
                .query(Boolean.class)
                .single();
    }

    /// A node that stops says so, and is not waited for.
    void leave(UUID node, UUID run) {
        jdbc.sql("update node set seen_at = now() - cast(:away as interval) where id = :node and run = :run")
                .param("node", node)
                .param("run", run)
                .param("away", AWAY_AFTER.plusSeconds(1).toSeconds() + " seconds")
                .update();
    }

    /// What a node has not confirmed, the oldest first.
    ///
    /// @param after the last purge of the page before
    List<Task> tasks(UUID node, UUID after, int limit) {
        return jdbc.sql("""
                select p.id, p.assets, p.clears_all, p.created_at
                from purge_node w join purge p on p.id = w.purge
                where w.node = :node and w.confirmed_at is null and w.purge > :after
                order by w.purge limit :limit
                """)
                .param("node", node)
                .param("after", after)
                .param("limit", limit)
                .query(NodeRepository::task)
                .list();
    }

    private static Task task(ResultSet row, int number) throws SQLException {
        return new Task(
                row.getObject("id", UUID.class),
                Arrays.stream((UUID[]) row.getArray("assets").getArray())
                        .map(AssetId::new)
                        .collect(Collectors.toSet()),
                row.getBoolean("clears_all"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    void confirm(UUID node, Collection<Task> done) {
        jdbc.sql("""
                update purge_node set confirmed_at = now()
                where node = :node and confirmed_at is null
                  and purge = any (cast(string_to_array(:purges, ',') as uuid[]))
                """)
                .param("node", node)
                .param(
                        "purges",
                        done.stream().map(task -> task.purge().toString()).collect(Collectors.joining(",")))
                .update();
    }

    /// When the last purge was asked for that a node has not confirmed.
    Optional<Instant> newestOpen(UUID node) {
        return jdbc.sql("""
                select p.created_at from purge_node w join purge p on p.id = w.purge
                where w.node = :node and w.confirmed_at is null order by p.created_at desc limit 1
                """)
                .param("node", node)
                .query((row, number) ->
                        row.getObject("created_at", OffsetDateTime.class).toInstant())
                .optional();
    }

    /// When everything was purged last.
    Optional<Instant> lastClearOfAll() {
        return jdbc.sql("select created_at from purge where clears_all order by created_at desc limit 1")
                .query((row, number) ->
                        row.getObject("created_at", OffsetDateTime.class).toInstant())
                .optional();
    }

    int forgetUnseen(Duration age) {
        return jdbc.sql("delete from node where seen_at < now() - cast(:age as interval)")
                .param("age", age.toSeconds() + " seconds")
                .update();
    }
}
