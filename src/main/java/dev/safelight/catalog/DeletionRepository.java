package dev.safelight.catalog;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Reason;
import dev.safelight.asset.Space;
import dev.safelight.asset.VersionId;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// How assets are deleted, purged and emptied, and how far erasures are.
@Repository
class DeletionRepository {
    private final JdbcClient jdbc;

    DeletionRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    boolean delete(AssetId id, Instant now) {
        return jdbc.sql("update asset set deleted_at = :now where id = :id and deleted_at is null")
                        .param("id", id.value())
                        .param("now", at(now))
                        .update()
                > 0;
    }

    boolean restore(AssetId id) {
        return jdbc.sql("""
                update asset set deleted_at = null
                where id = :id and deleted_at is not null and purged_at is null
                  and not exists (select 1 from account c where c.id = asset.account and c.erased_at is not null)
                """).param("id", id.value()).update() > 0;
    }

    boolean isDeleted(AssetId id) {
        return jdbc.sql("select a.id from asset a left join account c on c.id = a.account where a.id = :id and not (%s)"
                        .formatted(Deletions.LIVE))
                .param("id", id.value())
                .query(UUID.class)
                .optional()
                .isPresent();
    }

    List<VersionId> processing(AssetId id) {
        return jdbc.sql(
                        "select version from asset_version where asset_id = :id and status = 'PROCESSING' order by version")
                .param("id", id.value())
                .query((row, number) -> new VersionId(id, row.getInt("version")))
                .list();
    }

    /// The versions whose objects say by a tag whether they may be delivered.
    List<VersionId> tagged(AssetId id) {
        return jdbc.sql("""
                select version from asset_version v join asset a on a.id = v.asset_id
                where a.id = :id and a.space = 'user' and v.status = 'READY' order by version
                """)
                .param("id", id.value())
                .query((row, number) -> new VersionId(id, row.getInt("version")))
                .list();
    }

    int purge(Instant deletedBefore, Instant now, int limit) {
        return jdbc.sql("""
                update asset set purged_at = :now
                where id in (select id from asset
                             where deleted_at <= :before and purged_at is null
                             order by deleted_at, id limit :limit for update skip locked)
                  and deleted_at <= :before
                """)
                .param("now", at(now))
                .param("before", at(deletedBefore))
                .param("limit", limit)
                .update();
    }

    List<AssetId> purged(AssetId after, int limit) {
        return jdbc.sql("""
                select a.id from asset a left join account c on c.id = a.account
                where a.purged_at is not null and a.emptied_at is null and c.erased_at is null
                  and a.id > :after
                order by a.id limit :limit
                """).param("after", after.value()).param("limit", limit).query(UUID.class).list().stream()
                .map(AssetId::new)
                .toList();
    }

    List<Long> unfinishedErasures(int limit) {
        return jdbc.sql("select account from erasure where finished_at is null order by account limit :limit")
                .param("limit", limit)
                .query(Long.class)
                .list();
    }

    void beginErasure(long account, boolean originals, Instant now) {
        jdbc.sql("insert into erasure (account, originals, requested_at) values (:account, :originals, :now)")
                .param("account", account)
                .param("originals", originals)
                .param("now", at(now))
                .update();
    }

    void removeOriginalsToo(long account) {
        jdbc.sql("update erasure set originals = true, finished_at = null where account = :account and not originals")
                .param("account", account)
                .update();
    }

    void endSessions(String account, Instant now) {
        jdbc.sql("""
                update upload_session set account = null, metadata = '{}', expires_at = least(expires_at, :now)
                where account = :account
                """).param("account", account).param("now", at(now)).update();
    }

    Optional<Erasure> erasure(long account) {
        return jdbc.sql("select * from erasure where account = :account")
                .param("account", account)
                .query((row, number) -> {
                    Timestamp finished = row.getTimestamp("finished_at");
                    return new Erasure(
                            account,
                            row.getBoolean("originals"),
                            row.getLong("assets"),
                            row.getLong("variants"),
                            row.getLong("originals_removed"),
                            row.getLong("uploads_aborted"),
                            row.getTimestamp("requested_at").toInstant(),
                            finished == null ? null : finished.toInstant());
                })
                .optional();
    }

    /// Locks them.
    List<AssetId> notEmptied(long account, AssetId after, int limit) {
        return jdbc
                .sql("""
                select id from asset where account = :account and emptied_at is null and id > :after
                order by id limit :limit for update
                """)
                .param("after", after.value())
                .param("account", account)
                .param("limit", limit)
                .query(UUID.class)
                .list()
                .stream()
                .map(AssetId::new)
                .toList();
    }

    /// @return those that were not purged before
    Set<AssetId> purge(List<AssetId> assets, Instant now) {
        return jdbc
                .sql("""
                update asset set deleted_at = coalesce(deleted_at, :now), purged_at = :now
                where id = any(:ids) and purged_at is null
                returning id
                """)
                .param("now", at(now))
                .param("ids", assets.stream().map(AssetId::value).toArray(UUID[]::new))
                .query(UUID.class)
                .list()
                .stream()
                .map(AssetId::new)
                .collect(Collectors.toSet());
    }

    List<AssetId> assetsOf(long account, AssetId after, int limit) {
        return jdbc
                .sql("select id from asset where account = :account and id > :after order by id limit :limit")
                .param("account", account)
                .param("after", after.value())
                .param("limit", limit)
                .query(UUID.class)
                .list()
                .stream()
                .map(AssetId::new)
                .toList();
    }

    Optional<Deletions.Remains> remains(AssetId id) {
        return jdbc.sql("select space from asset where id = :id and purged_at is not null")
                .param("id", id.value())
                .query(String.class)
                .optional()
                .flatMap(Space::parse)
                .map(space -> new Deletions.Remains(Bucket.ofVariants(space), kinds(id), objects(id)));
    }

    private Set<String> kinds(AssetId id) {
        return jdbc
                .sql("select distinct declared_type from asset_version where asset_id = :id")
                .param("id", id.value())
                .query(String.class)
                .list()
                .stream()
                .flatMap(type -> MediaType.parse(type).stream())
                .map(type -> type.kind().text())
                .collect(Collectors.toSet());
    }

    Set<BlobKey> objects(AssetId id) {
        return new HashSet<>(jdbc.sql("select bucket, object_key from variant where asset_id = :id")
                .param("id", id.value())
                .query((row, number) ->
                        new BlobKey(Bucket.valueOf(row.getString("bucket")), row.getString("object_key")))
                .list());
    }

    /// False when the asset is not purged, or emptied already.
    boolean lockPurged(AssetId id) {
        return jdbc.sql("""
                select id from asset where id = :id and purged_at is not null and emptied_at is null for update
                """)
                .param("id", id.value())
                .query(UUID.class)
                .optional()
                .isPresent();
    }

    /// Lets whoever is about to publish or exchange variants of the asset come before or after.
    void lockVersions(AssetId id) {
        jdbc.sql("select version from asset_version where asset_id = :id order by version for update")
                .param("id", id.value())
                .query(Integer.class)
                .list();
    }

    void empty(AssetId id, Instant now) {
        int variants = jdbc.sql("delete from variant where asset_id = :id")
                .param("id", id.value())
                .update();
        // Whatever is still on its way finds an end that it cannot move from.
        jdbc.sql("""
                update asset_version
                set status = 'FAILED', reason = :reason, detail = 'The asset was deleted before this version was READY.',
                    ended_at = :now
                where asset_id = :id and status in ('PENDING', 'PROCESSING')
                """)
                .param("id", id.value())
                .param("reason", Reason.DELETED.text())
                .param("now", at(now))
                .update();
        Optional<Long> erased = jdbc.sql("""
                update asset a set emptied_at = :now where a.id = :id
                returning (select c.id from account c where c.id = a.account and c.erased_at is not null)
                """)
                .param("id", id.value())
                .param("now", at(now))
                .query((row, number) -> Optional.ofNullable(row.getObject(1, Long.class)))
                .single();
        erased.ifPresent(account -> {
            blank(id);
            count(account, "assets = assets + 1, variants = variants + :count", variants);
        });
    }

    /// Removes what is personal of an asset, but for its original's key.
    void blank(AssetId id) {
        jdbc.sql("update asset set metadata = '{}' where id = :id")
                .param("id", id.value())
                .update();
        jdbc.sql("""
                update asset_version
                set file_name = :blank, facts = null, focal_x = null, focal_y = null, sha256 = null, detail = null,
                    moderation_reason = null
                where asset_id = :id
                """).param("id", id.value()).param("blank", Deletions.BLANK).update();
        jdbc.sql("update upload set idempotency_key = null, client_key = null, request_hash = '' where asset_id = :id")
                .param("id", id.value())
                .update();
    }

    private void count(long account, String what, int count) {
        jdbc.sql("update erasure set " + what + " where account = :account")
                .param("account", account)
                .param("count", count)
                .update();
    }

    void countAborted(long account, int count) {
        count(account, "uploads_aborted = uploads_aborted + :count", count);
    }

    List<BlobKey> unneededOriginals(AssetId id) {
        return jdbc.sql("""
                select k from (select original_key as k from asset_version where asset_id = :id
                               union select object_key from upload where asset_id = :id) own
                where not exists (select 1 from asset_version v join asset a on a.id = v.asset_id
                                  where v.original_key = k and a.purged_at is null)
                """).param("id", id.value()).query(String.class).list().stream()
                .map(key -> new BlobKey(Bucket.RAW, key))
                .toList();
    }

    void originalsRemoved(AssetId id, Collection<BlobKey> gone, Instant now) {
        int removed = jdbc.sql("""
                update upload set removed_at = :now
                where object_key = any(:keys) and removed_at is null and received_at is not null
                """)
                .param("keys", gone.stream().map(BlobKey::key).toArray(String[]::new))
                .param("now", at(now))
                .update();
        jdbc.sql("""
                update erasure set originals_removed = originals_removed + :count
                where account = (select account from asset where id = :id)
                """).param("id", id.value()).param("count", removed).update();
    }

    /// @param originals whether they were removed; somebody may have asked for that meanwhile
    void finish(long account, boolean originals, Instant now) {
        jdbc.sql("""
                update erasure set finished_at = :now
                where account = :account and finished_at is null and originals = :originals
                """)
                .param("account", account)
                .param("originals", originals)
                .param("now", at(now))
                .update();
    }

    private static OffsetDateTime at(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }
}
