package dev.safelight.access;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.ObjectMapper;

/// The table of API keys.
@Repository
class ApiKeyRepository {
    private final JdbcClient jdbc;
    private final ObjectMapper json;

    ApiKeyRepository(JdbcClient jdbc, ObjectMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    void insert(StoredKey key) {
        jdbc.sql("""
                insert into api_key (id, name, secret_hash, roles, limits, created_at)
                values (:id, :name, :hash, cast(string_to_array(:roles, ',') as text[]), cast(:limits as jsonb), :now)
                """)
                .param("id", key.id())
                .param("name", key.name())
                .param("hash", key.secretHash())
                .param("roles", key.roles().stream().map(Role::text).sorted().collect(Collectors.joining(",")))
                .param("limits", json.writeValueAsString(WrittenLimits.of(key.limits())))
                .param("now", key.createdAt().atOffset(ZoneOffset.UTC))
                .update();
    }

    Optional<StoredKey> find(UUID id) {
        return jdbc.sql("select * from api_key where id = :id")
                .param("id", id)
                .query(this::key)
                .optional();
    }

    List<StoredKey> all() {
        return jdbc.sql("select * from api_key order by created_at, id")
                .query(this::key)
                .list();
    }

    boolean revoke(UUID id, Instant now) {
        return jdbc.sql("update api_key set revoked_at = coalesce(revoked_at, :now) where id = :id")
                        .param("id", id)
                        .param("now", now.atOffset(ZoneOffset.UTC))
                        .update()
                > 0;
    }

    private StoredKey key(ResultSet row, int number) throws SQLException {
        var revoked = row.getTimestamp("revoked_at");
        Set<Role> roles = Arrays.stream((String[]) row.getArray("roles").getArray())
                .map(text -> Role.parse(text).orElseThrow())
                .collect(Collectors.toUnmodifiableSet());
        return new StoredKey(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getBytes("secret_hash"),
                roles,
                json.readValue(row.getString("limits"), WrittenLimits.class).read(),
                row.getTimestamp("created_at").toInstant(),
                revoked == null ? null : revoked.toInstant());
    }

    /// A key as stored: its secret is known by a hash alone.
    record StoredKey(
            UUID id,
            String name,
            byte[] secretHash,
            Set<Role> roles,
            KeyLimits limits,
            Instant createdAt,
            @Nullable Instant revokedAt) {}
}
