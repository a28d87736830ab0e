package dev.safelight.catalog;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.VersionId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Which versions of the user space have objects whose tags may differ from what was decided.
@Repository
class TagRepository {
    private final JdbcClient jdbc;

    TagRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Notes that tags may differ from now on.
    ///
    /// @return false when the version has no objects with tags: it is not READY, or of another space
    boolean setDue(VersionId id) {
        return jdbc.sql("""
                update asset_version v set tags_due = true
                from asset a
                where v.asset_id = :id and v.version = :version and v.status = 'READY'
                  and a.id = v.asset_id and a.space = 'user'
                """)
                        .param("id", id.asset().value())
                        .param("version", id.version())
                        .update()
                > 0;
    }

    /// Notes that the tags say what was decided; to be called under the lock of the version.
    void setDone(VersionId id) {
        jdbc.sql("update asset_version set tags_due = false where asset_id = :id and version = :version")
                .param("id", id.asset().value())
                .param("version", id.version())
                .update();
    }

    boolean isDue(VersionId id) {
        return jdbc.sql("select tags_due from asset_version where asset_id = :id and version = :version")
                .param("id", id.asset().value())
                .param("version", id.version())
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    /// READY versions whose tags may differ, in the order of their ids.
    ///
    /// @param after the last one of the page before
    List<VersionId> due(@Nullable VersionId after, int limit) {
        return jdbc.sql("""
                select asset_id, version from asset_version
                where tags_due and status = 'READY'
                  and (asset_id, version) > (coalesce(cast(:id as uuid), '00000000-0000-0000-0000-000000000000'), :version)
                order by asset_id, version limit :limit
                """)
                .param("id", after == null ? null : after.asset().value())
                .param("version", after == null ? 0 : after.version())
                .param("limit", limit)
                .query((row, number) ->
                        new VersionId(new AssetId(row.getObject("asset_id", UUID.class)), row.getInt("version")))
                .list();
    }
}
