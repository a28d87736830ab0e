package dev.safelight.catalog;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.Space;
import dev.safelight.asset.VersionId;
import dev.safelight.catalog.ReadyAssets.Query;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/// Looks for READY versions without reading their facts and variants.
@Repository
class ReadyAssetRepository {
    /// While no version is current, the one that [AssetRepository] shows.
    private static final String READY = """
            from asset a join asset_version v on v.asset_id = a.id and v.version = coalesce(a.current_version,
                (select n.version from asset_version n where n.asset_id = a.id
                 order by (n.status = 'READY' and n.moderation <> 'rejected') desc, n.version desc limit 1))
            left join account c on c.id = a.account
            where %s and v.status = 'READY' and a.space = any(string_to_array(:spaces, ','))
              and (cast(:after as timestamptz) is null or a.created_at >= cast(:after as timestamptz))
              and a.created_at < :createdBefore
              and (cast(:sku as text) is null or starts_with(a.metadata ->> 'sku', cast(:sku as text)))
              and (cast(:assets as text) is null or a.id = any(cast(string_to_array(:assets, ',') as uuid[])))
            """.formatted(Deletions.LIVE);

    private final JdbcClient jdbc;

    ReadyAssetRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<VersionId> page(Query query, @Nullable AssetId before, int limit) {
        return with(query, jdbc.sql("select a.id, v.version " + READY + """
                  and (cast(:before as uuid) is null or a.id < cast(:before as uuid))
                order by a.id desc limit :limit
                """))
                .param("before", before == null ? null : before.value())
                .param("limit", limit)
                .query(ReadyAssetRepository::version)
                .list();
    }

    List<VersionId> sample(Query query, int limit) {
        return with(query, jdbc.sql("select a.id, v.version " + READY + " order by md5(a.id::text) limit :limit"))
                .param("limit", limit)
                .query(ReadyAssetRepository::version)
                .list();
    }

    long count(Query query) {
        return with(query, jdbc.sql("select count(*) " + READY))
                .query(Long.class)
                .single();
    }

    private static StatementSpec with(Query query, StatementSpec statement) {
        List<AssetId> assets = query.assets();
        return statement
                .param("spaces", query.spaces().stream().map(Space::text).collect(Collectors.joining(",")))
                .param("after", query.createdAfter() == null ? null : time(query.createdAfter()))
                .param("createdBefore", time(query.createdBefore()))
                .param("sku", query.skuPrefix())
                .param(
                        "assets",
                        assets == null
                                ? null
                                : assets.stream().map(AssetId::toString).collect(Collectors.joining(",")));
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static VersionId version(ResultSet row, int number) throws SQLException {
        return new VersionId(new AssetId(row.getObject("id", UUID.class)), row.getInt("version"));
    }
}
