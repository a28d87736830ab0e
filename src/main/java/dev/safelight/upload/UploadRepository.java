package dev.safelight.upload;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Reason;
import dev.safelight.asset.Rejection;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import dev.safelight.asset.VersionId;
import dev.safelight.store.StoredPart;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
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
        Upload.Sender sender = upload.sender();
        Upload.Promise promise = upload.promise();
        PartPlan plan = plan(upload.transfer());
        jdbc.sql("""
                insert into upload (id, asset_id, version, owner, idempotency_key, request_hash, session, client_key,
                                    space, object_key, content_type, bytes, size_known, method, part_bytes,
                                    state, created_at, expires_at)
                values (:id, :asset, :version, :owner, :idempotencyKey, :requestHash, :session, :clientKey,
                        (select space from asset where id = :asset), :key, :type, :bytes, :sizeKnown, :method, :partBytes,
                        :state, :created, :expires)
                """)
                .param("id", upload.id())
                .param("asset", upload.version().asset().value())
                .param("version", upload.version().version())
                .param("owner", sender.owner())
                .param("idempotencyKey", sender.idempotencyKey())
                .param("requestHash", sender.requestHash())
                .param("session", sender.session())
                .param("clientKey", sender.clientKey())
                .param("key", upload.key().key())
                .param("type", promise.contentType())
                .param("bytes", promise.bytes())
                .param("sizeKnown", promise.sizeKnown())
                .param("method", method(upload.transfer()))
                .param("partBytes", plan == null ? null : plan.partBytes())
                .param("state", upload.state().name())
                .param("created", upload.createdAt().atOffset(ZoneOffset.UTC))
                .param("expires", upload.expiresAt().atOffset(ZoneOffset.UTC))
                .update();
    }

    private static String method(Upload.Transfer transfer) {
        return switch (transfer) {
            case Upload.Transfer.Form form -> "POST";
            case Upload.Transfer.Put put -> "PUT";
            case Upload.Transfer.Parts parts -> "MULTIPART";
        };
    }

    private static @Nullable PartPlan plan(Upload.Transfer transfer) {
        return transfer instanceof Upload.Transfer.Parts(PartPlan plan, String storeId) ? plan : null;
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

    /// The open upload that a browser's uploader knows by this name.
    Optional<Upload> findOpenOfSession(UUID session, String clientKey) {
        return jdbc.sql("""
                select * from upload where session = :session and client_key = :key and state = 'PENDING'
                order by created_at desc limit 1
                """)
                .param("session", session)
                .param("key", clientKey)
                .query(UploadRepository::upload)
                .optional();
    }

    /// Lets the requests of one session wait for each other until the transaction ends; false when it has ended.
    boolean lockSession(UUID session, Instant now) {
        return jdbc.sql("select 1 from upload_session where id = :id and expires_at > :now for update")
                .param("id", session)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    /// Uploads of an account that may still bring bytes, some at a time.
    List<Upload> openOfAccount(long account, int limit) {
        return jdbc.sql("""
                select u.* from upload u join asset a on a.id = u.asset_id
                where a.account = :account and u.state in ('PENDING', 'EXPIRED') order by u.id limit :limit
                """)
                .param("account", account)
                .param("limit", limit)
                .query(UploadRepository::upload)
                .list();
    }

    /// When the last grant of an account's uploads ends: once an original is removed, its key can be written again.
    Optional<Instant> lastGrantOfAccount(long account) {
        return jdbc.sql("""
                select max(u.expires_at) from upload u join asset a on a.id = u.asset_id
                where a.account = :account
                """)
                .param("account", account)
                .query((row, number) -> Optional.ofNullable(row.getTimestamp(1)).map(Timestamp::toInstant))
                .single();
    }

    /// Counts an upload that a session begins; false when it has begun all that it may.
    boolean countForSession(UUID session) {
        return jdbc.sql("update upload_session set begun = begun + 1 where id = :id and begun < max_uploads")
                        .param("id", session)
                        .update()
                > 0;
    }

    /// The bytes that a key has in the store or may still send: refused ones too, and shared ones each time.
    ///
    /// @param space the one that is looked at; null for all
    /// @param ended grants that ended before can no longer bring anything; parts cannot once their upload has ended
    long usedBytes(UUID owner, @Nullable Space space, Instant ended) {
        return jdbc.sql("""
                select coalesce(sum(bytes), 0) from upload
                where owner = :owner and (cast(:space as text) is null or space = :space)
                  and (state in ('PENDING', 'RECEIVED') or received_at is not null
                       or (method <> 'MULTIPART' and expires_at > :ended))
                """)
                .param("owner", owner)
                .param("space", space == null ? null : space.text())
                .param("ended", ended.atOffset(ZoneOffset.UTC))
                .query(Long.class)
                .single();
    }

    /// Lets grants of one key wait for each other until the transaction ends, so that none overlooks another.
    void lockOwner(UUID owner) {
        jdbc.sql("select 1 from api_key where id = :owner for no key update")
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

    /// @param bytes that arrived, whatever was promised
    void markReceived(UUID id, long bytes, Instant now) {
        jdbc.sql("""
                update upload set state = 'RECEIVED', received_at = :now, bytes = :bytes, size_known = true where id = :id
                """)
                .param("id", id)
                .param("bytes", bytes)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    /// Notes that the bytes of an aborted upload arrived all the same: they are not taken, but they are there.
    void noteStray(UUID id, long bytes, Instant now) {
        jdbc.sql("""
                update upload set received_at = :now, bytes = :bytes where id = :id and received_at is null
                """)
                .param("id", id)
                .param("bytes", bytes)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    void markExpired(UUID id) {
        jdbc.sql("update upload set state = 'EXPIRED', store_upload_id = null where id = :id and state = 'PENDING'")
                .param("id", id)
                .update();
        deleteParts(id);
    }

    /// Opens an upload until a new end, so that its grant can be signed again; false when its bytes came
    /// meanwhile.
    boolean reopen(UUID id, Instant expires) {
        return jdbc.sql(
                                "update upload set state = 'PENDING', expires_at = :expires where id = :id and state in ('PENDING', 'EXPIRED')")
                        .param("id", id)
                        .param("expires", expires.atOffset(ZoneOffset.UTC))
                        .update()
                > 0;
    }

    /// Uploads without bytes so far that are due to be looked after: the older, the less often. Notes when they
    /// are again.
    ///
    /// @param pause the shortest time between two looks
    List<UUID> takeSilent(Instant createdBefore, Duration pause, Instant now, int limit) {
        return jdbc.sql("""
                update upload set check_at = :now + greatest(cast(:pause as interval), (:now - created_at) / 8)
                where id in (select id from upload
                             where state <> 'RECEIVED' and check_at <= :now and created_at < :created
                             order by check_at limit :limit
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

    /// Notes the store's name of an upload in parts; false when it has one already, or is no longer open.
    boolean setStoreId(UUID id, String storeId) {
        return jdbc.sql("""
                update upload set store_upload_id = :store
                where id = :id and store_upload_id is null and state = 'PENDING'
                """).param("id", id).param("store", storeId).update() > 0;
    }

    /// Forgets the store's name of an upload in parts, and the parts with it.
    void clearStoreId(UUID id, String storeId) {
        int cleared = jdbc.sql("""
                update upload set store_upload_id = null where id = :id and store_upload_id = :store
                """).param("id", id).param("store", storeId).update();
        if (cleared > 0) {
            deleteParts(id);
        }
    }

    private void deleteParts(UUID id) {
        jdbc.sql("delete from upload_part where upload_id = :id")
                .param("id", id)
                .update();
    }

    /// Gives an open upload more time; false when it is no longer open.
    boolean extend(UUID id, Instant expires) {
        return jdbc.sql("""
                update upload set expires_at = greatest(expires_at, :expires) where id = :id and state = 'PENDING'
                """)
                        .param("id", id)
                        .param("expires", expires.atOffset(ZoneOffset.UTC))
                        .update()
                > 0;
    }

    /// Parts can no longer be sent from here on; a form or a PUT can until its grant ends.
    void markAborted(UUID id, Instant now) {
        jdbc.sql("""
                update upload
                set state = 'ABORTED', store_upload_id = null,
                    expires_at = case method when 'MULTIPART' then least(expires_at, :now) else expires_at end
                where id = :id and state <> 'RECEIVED'
                """).param("id", id).param("now", now.atOffset(ZoneOffset.UTC)).update();
        deleteParts(id);
    }

    /// Those of the store's names of uploads that belong to open ones.
    Set<String> openStoreIds(Collection<String> storeIds) {
        return new HashSet<>(
                jdbc.sql("select store_upload_id from upload where store_upload_id = any(:ids) and state = 'PENDING'")
                        .param("ids", storeIds.toArray(String[]::new))
                        .query(String.class)
                        .list());
    }

    /// The parts as they were noted last, by number.
    List<StoredPart> parts(UUID id) {
        return jdbc.sql("select number, bytes, etag from upload_part where upload_id = :id order by number")
                .param("id", id)
                .query((row, number) ->
                        new StoredPart(row.getInt("number"), row.getLong("bytes"), row.getString("etag")))
                .list();
    }

    /// Notes which parts the store has.
    void replaceParts(UUID id, List<StoredPart> parts) {
        jdbc.sql("delete from upload_part where upload_id = :id and not number = any(:numbers)")
                .param("id", id)
                .param("numbers", parts.stream().map(StoredPart::number).toArray(Integer[]::new))
                .update();
        jdbc.sql("""
                insert into upload_part (upload_id, number, bytes, etag)
                select :id, * from unnest(:numbers, :bytes, :etags)
                on conflict (upload_id, number) do update set bytes = excluded.bytes, etag = excluded.etag
                where (upload_part.bytes, upload_part.etag) <> (excluded.bytes, excluded.etag)
                """)
                .param("id", id)
                .param("numbers", parts.stream().map(StoredPart::number).toArray(Integer[]::new))
                .param("bytes", parts.stream().map(StoredPart::bytes).toArray(Long[]::new))
                .param("etags", parts.stream().map(StoredPart::etag).toArray(String[]::new))
                .update();
    }

    /// How uploads stand, those that exist, in no order.
    List<Standing> standings(Collection<UUID> ids) {
        return jdbc.sql("""
                select u.*, a.space, v.status, v.reason, v.detail, v.file_name, v.original_bytes, v.started_at,
                       v.original_key <> u.object_key as shared,
                       (select coalesce(sum(p.bytes), 0) from upload_part p where p.upload_id = u.id) as part_sum
                from upload u
                join asset_version v on (v.asset_id, v.version) = (u.asset_id, u.version)
                join asset a on a.id = u.asset_id
                where u.id = any(:ids)
                """)
                .param("ids", ids.toArray(UUID[]::new))
                .query(UploadRepository::standing)
                .list();
    }

    private static Standing standing(ResultSet row, int number) throws SQLException {
        String reason = row.getString("reason");
        return new Standing(
                upload(row, number),
                Space.parse(row.getString("space")).orElseThrow(),
                row.getString("file_name"),
                Status.valueOf(row.getString("status")),
                row.getTimestamp("started_at") != null,
                reason == null ? null : new Rejection(Reason.parse(reason), row.getString("detail")),
                row.getLong("original_bytes"),
                row.getLong("part_sum"),
                row.getBoolean("shared"));
    }

    private static Upload upload(ResultSet row, int number) throws SQLException {
        long bytes = row.getLong("bytes");
        Upload.Transfer transfer = switch (row.getString("method")) {
            case "PUT" -> new Upload.Transfer.Put();
            case "MULTIPART" ->
                new Upload.Transfer.Parts(
                        new PartPlan(bytes, row.getLong("part_bytes")), row.getString("store_upload_id"));
            default -> new Upload.Transfer.Form();
        };
        return new Upload(
                row.getObject("id", UUID.class),
                new VersionId(new AssetId(row.getObject("asset_id", UUID.class)), row.getInt("version")),
                new Upload.Sender(
                        row.getObject("owner", UUID.class),
                        row.getString("idempotency_key"),
                        row.getString("request_hash"),
                        row.getObject("session", UUID.class),
                        row.getString("client_key")),
                new BlobKey(Bucket.RAW, row.getString("object_key")),
                new Upload.Promise(row.getString("content_type"), bytes, row.getBoolean("size_known")),
                transfer,
                Upload.State.valueOf(row.getString("state")),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("expires_at").toInstant());
    }
}
