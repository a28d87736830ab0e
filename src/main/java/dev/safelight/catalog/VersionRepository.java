package dev.safelight.catalog;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.Space;
import dev.safelight.asset.VersionId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// How the versions of one asset are numbered, and which of them is the current one.
@Repository
class VersionRepository {
    private final JdbcClient jdbc;

    VersionRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Lets whoever else adds, removes or chooses a version of the asset wait until the transaction ends.
    ///
    /// @return its space, or empty when there is no such asset
    Optional<Space> lockAsset(AssetId id) {
        return jdbc.sql("select space from asset where id = :id for update")
                .param("id", id.value())
                .query(String.class)
                .optional()
                .flatMap(Space::parse);
    }

    /// Whether an asset is deleted, or its account erased. Asked under the lock of the asset.
    boolean isDeleted(AssetId id) {
        return jdbc.sql("""
                select not (%s) from asset a left join account c on c.id = a.account where a.id = :id
                """.formatted(Deletions.LIVE))
                .param("id", id.value())
                .query(Boolean.class)
                .single();
    }

    /// Keeps an original that other versions have from being removed until the transaction ends: none of their assets
    /// can be purged so long.
    ///
    /// @return false when all assets that had it are purged, or about to be
    boolean keepOriginal(String key) {
        List<Boolean> live =
                jdbc.sql("""
                select a.purged_at is null from asset a
                where a.id in (select asset_id from asset_version where original_key = :key limit 100)
                order by a.id for share
                """).param("key", key).query(Boolean.class).list();
        return live.isEmpty() || live.contains(true);
    }

    /// The number after the last one. Asked under the lock and not together with it: a statement that waited
    /// for the lock would still see the versions as they were before.
    int nextNumber(AssetId id) {
        return jdbc.sql("""
                select greatest(a.passed_version, (select max(version) from asset_version where asset_id = a.id)) + 1
                from asset a where a.id = :id
                """).param("id", id.value()).query(Integer.class).single();
    }

    int count(AssetId id) {
        return jdbc.sql("select count(*) from asset_version where asset_id = :id")
                .param("id", id.value())
                .query(Integer.class)
                .single();
    }

    /// Versions that are READY and that nobody has decided on yet, oldest first.
    List<Integer> awaitingApproval(AssetId id) {
        return jdbc.sql("""
                select version from asset_version
                where asset_id = :id and status = 'READY' and moderation = 'pending' order by version
                """).param("id", id.value()).query(Integer.class).list();
    }

    /// Makes a version current if it may be delivered, is newer than the current one and was not passed over.
    void promote(VersionId id) {
        jdbc.sql("""
                update asset a set current_version = v.version
                from asset_version v
                where a.id = :id and v.asset_id = a.id and v.version = :version
                  and v.status = 'READY' and v.moderation = 'approved'
                  and v.version > greatest(a.current_version, a.passed_version)
                """)
                .param("id", id.asset().value())
                .param("version", id.version())
                .update();
    }

    /// Makes a version current, whatever others there are: those that exist now do not take its place by
    /// themselves.
    void choose(VersionId id) {
        jdbc.sql("""
                update asset
                set current_version = :version,
                    passed_version = greatest(passed_version, (select max(version) from asset_version where asset_id = :id))
                where id = :id
                """)
                .param("id", id.asset().value())
                .param("version", id.version())
                .update();
    }

    /// Notes when a worker took up a version; the first time counts.
    void start(VersionId id, Instant now) {
        jdbc.sql("""
                update asset_version set started_at = :now
                where asset_id = :id and version = :version and status = 'PROCESSING' and started_at is null
                """)
                .param("id", id.asset().value())
                .param("version", id.version())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    /// Keeps the SHA-256 that the bytes turned out to have.
    void setSha256(VersionId id, @Nullable String sha256) {
        jdbc.sql("""
                update asset_version set sha256 = coalesce(cast(:sha256 as text), sha256)
                where asset_id = :id and version = :version
                """)
                .param("id", id.asset().value())
                .param("version", id.version())
                .param("sha256", sha256)
                .update();
    }

    /// Removes a version whose bytes never came, and its asset if that was the only one.
    ///
    /// @return false when there is none, or its bytes came
    boolean deleteUnreceived(VersionId id) {
        boolean deleted = jdbc.sql("""
                delete from asset_version
                where asset_id = :id and version = :version
                  and status in ('PENDING', 'FAILED') and original_etag is null
                """)
                        .param("id", id.asset().value())
                        .param("version", id.version())
                        .update()
                > 0;
        if (deleted) {
            jdbc.sql(
                            "delete from asset where id = :id and not exists (select 1 from asset_version where asset_id = :id)")
                    .param("id", id.asset().value())
                    .update();
        }
        return deleted;
    }
}
