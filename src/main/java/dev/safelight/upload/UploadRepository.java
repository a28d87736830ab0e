package dev.safelight.upload;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Space;
import dev.safelight.asset.VersionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The ledger of uploads.
@Repository
class UploadRepository {
    private final JdbcClient jdbc;

    UploadRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(Upload upload) {
        jdbc.sql("""
                insert into upload (id, asset_id, version, owner, idempotency_key, request_hash, object_key,
                                    content_type, bytes, state, method, created_at, expires_at)
                values (:id, :asset, :version, :owner, :idempotencyKey, :requestHash, :key,
                        :type, :bytes, :state, 'POST', :created, :expires)
                """)
                .param("id", upload.id())
                .param("asset", upload.version().asset().value())
                .param("version", upload.version().version())
                .param("owner", upload.owner())
                .param("idempotencyKey", upload.idempotencyKey())
                .param("requestHash", upload.requestHash())
                .param("key", upload.key().key())
                .param("type", upload.contentType())
                .param("bytes", upload.bytes())
                .param("state", upload.state().name())
                .param("created", upload.createdAt().atOffset(ZoneOffset.UTC))
                .param("expires", upload.expiresAt().atOffset(ZoneOffset.UTC))
                .update();
    }

    Optional<Upload> find(UUID id) {
        return jdbc.sql("select * from upload where id = :id")
                .param("id", id)
                .query(UploadRepository::upload)
                .optional();
    }

    /// Finds an upload and keeps others from changing it until the transaction ends.
    Optional<Upload> lock(UUID id) {
        return jdbc.sql("select * from upload where id = :id for update")
                .param("id", id)
                .query(UploadRepository::upload)
                .optional();
    }

    Optional<Upload> findByKey(String objectKey) {
        return jdbc.sql("select * from upload where object_key = :key")
                .param("key", objectKey)
                .query(UploadRepository::upload)
                .optional();
    }

    Optional<Upload> findByIdempotencyKey(UUID owner, String idempotencyKey) {
        return jdbc.sql("select * from upload where owner = :owner and idempotency_key = :key")
                .param("owner", owner)
                .param("key", idempotencyKey)
                .query(UploadRepository::upload)
                .optional();
    }

    /// The bytes that the originals of a key have together in a space, refused ones aside. One that several
    /// versions share counts for each of them.
    long usedBytes(UUID owner, Space space) {
        return jdbc.sql("""
                select coalesce(sum(v.original_bytes), 0)
                from asset a join asset_version v on v.asset_id = a.id
                where a.owner = :owner and a.space = :space and v.status not in ('REJECTED', 'FAILED')
                """)
                .param("owner", owner)
                .param("space", space.text())
                .query(Long.class)
                .single();
    }

    /// Lets grants of one key wait for each other until the transaction ends, so that none overlooks another.
    void lockOwner(UUID owner) {
        jdbc.sql("select 1 from api_key where id = :owner for update")
                .param("owner", owner)
                .query(Integer.class)
                .single();
    }

    int countOpen(UUID owner) {
        return jdbc.sql("select count(*) from upload where owner = :owner and state = 'PENDING'")
                .param("owner", owner)
                .query(Integer.class)
                .single();
    }

    void markReceived(UUID id, Instant now) {
        jdbc.sql("update upload set state = 'RECEIVED', received_at = :now where id = :id")
                .param("id", id)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    void markExpired(UUID id) {
        jdbc.sql("update upload set state = 'EXPIRED' where id = :id and state = 'PENDING'")
                .param("id", id)
                .update();
    }

    /// Opens an upload until a new end, so that its grant can be signed again; false when its bytes came meanwhile.
    boolean reopen(UUID id, Instant expires) {
        return jdbc.sql(
                                "update upload set state = 'PENDING', expires_at = :expires where id = :id and state <> 'RECEIVED'")
                        .param("id", id)
                        .param("expires", expires.atOffset(ZoneOffset.UTC))
                        .update()
                > 0;
    }

    /// Uploads without bytes so far that are due to be looked after: the older, the less often. Notes that they are.
    ///
    /// @param pause the shortest time between two looks
    List<UUID> takeSilent(Instant createdBefore, Duration pause, Instant now, int limit) {
        return jdbc.sql("""
                update upload set checked_at = :now
                where id in (select id from upload
                             where state in ('PENDING', 'EXPIRED') and created_at < :created
                               and (checked_at is null or checked_at <
                                    :now - greatest(cast(:pause as interval), (:now - created_at) / 8))
                             order by checked_at nulls first, created_at limit :limit
                             for update skip locked)
                returning id
                """)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("created", createdBefore.atOffset(ZoneOffset.UTC))
                .param("pause", pause.toMillis() + " milliseconds")
                .param("limit", limit)
                .query(UUID.class)
                .list();
    }

    private static Upload upload(ResultSet row, int number) throws SQLException {
        return new Upload(
                row.getObject("id", UUID.class),
                new VersionId(new AssetId(row.getObject("asset_id", UUID.class)), row.getInt("version")),
                row.getObject("owner", UUID.class),
                row.getString("idempotency_key"),
                row.getString("request_hash"),
                new BlobKey(Bucket.RAW, row.getString("object_key")),
                row.getString("content_type"),
                row.getLong("bytes"),
                Upload.State.valueOf(row.getString("state")),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("expires_at").toInstant());
    }
}
