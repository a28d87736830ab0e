package dev.safelight.access;

import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// The table of upload sessions.
@Repository
class UploadSessionRepository {
    private final JdbcClient jdbc;
    private final JsonMapper json;

    UploadSessionRepository(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /// Lets those who make sessions for one key wait for each other until the transaction ends.
    void lockKey(UUID keyId) {
        jdbc.sql("select 1 from api_key where id = :id for update")
                .param("id", keyId)
                .query(Integer.class)
                .single();
    }

    int countOpen(UUID keyId, Instant now) {
        return jdbc.sql("select count(*) from upload_session where key_id = :key and expires_at > :now")
                .param("key", keyId)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query(Integer.class)
                .single();
    }

    void insert(UploadSession session, UUID keyId, byte[] secretHash, Instant now) {
        jdbc.sql("""
                insert into upload_session (id, secret_hash, key_id, space, types, max_bytes, max_uploads, metadata, account,
                                            created_at, expires_at)
                values (:id, :hash, :key, :space, cast(string_to_array(:types, ',') as text[]), :maxBytes,
                        :maxUploads, cast(:metadata as jsonb), :account, :now, :expires)
                """)
                .param("id", session.id())
                .param("hash", secretHash)
                .param("key", keyId)
                .param("space", session.space().text())
                .param("types", joined(session.types()))
                .param("maxBytes", session.maxBytes())
                .param("maxUploads", session.maxUploads())
                .param("metadata", json.writeValueAsString(session.metadata()))
                .param("account", session.account())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("expires", session.expiresAt().atOffset(ZoneOffset.UTC))
                .update();
    }

    private static @Nullable String joined(@Nullable Set<MediaType> types) {
        return types == null
                ? null
                : types.stream().map(MediaType::text).sorted().collect(Collectors.joining(","));
    }

    Optional<StoredSession> find(UUID id) {
        return jdbc.sql("select * from upload_session where id = :id")
                .param("id", id)
                .query(this::session)
                .optional();
    }

    /// Lets a session end at a moment, if it does not before.
    void end(UUID id, Instant now) {
        jdbc.sql("update upload_session set expires_at = :now where id = :id and expires_at > :now")
                .param("id", id)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    /// Sessions that ended before a moment, some at a time.
    List<UUID> endedBefore(Instant before, int limit) {
        return jdbc.sql("select id from upload_session where expires_at < :before order by expires_at limit :limit")
                .param("before", before.atOffset(ZoneOffset.UTC))
                .param("limit", limit)
                .query(UUID.class)
                .list();
    }

    /// Removes a session; what was uploaded with it stays.
    void delete(UUID id) {
        jdbc.sql("update upload set session = null, client_key = null where session = :id")
                .param("id", id)
                .update();
        jdbc.sql("delete from upload_session where id = :id").param("id", id).update();
    }

    private StoredSession session(ResultSet row, int number) throws SQLException {
        UploadSession session = new UploadSession(
                row.getObject("id", UUID.class),
                Space.parse(row.getString("space")).orElseThrow(),
                types(row.getArray("types")),
                row.getObject("max_bytes", Long.class),
                row.getInt("max_uploads"),
                json.readValue(row.getString("metadata"), new TypeReference<Map<String, String>>() {}),
                row.getString("account"),
                row.getTimestamp("expires_at").toInstant());
        return new StoredSession(session, row.getObject("key_id", UUID.class), row.getBytes("secret_hash"));
    }

    private static @Nullable Set<MediaType> types(@Nullable Array texts) throws SQLException {
        return texts == null
                ? null
                : Arrays.stream((String[]) texts.getArray())
                        .map(text -> MediaType.parse(text).orElseThrow())
                        .collect(Collectors.toUnmodifiableSet());
    }

    /// A session as stored: its secret is known by a hash alone.
    record StoredSession(UploadSession session, UUID keyId, byte[] secretHash) {}
}
