package dev.safelight.catalog;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.ContentLimits;
import dev.safelight.asset.Facts;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Moderation;
import dev.safelight.asset.Reason;
import dev.safelight.asset.Rejection;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import dev.safelight.asset.VersionId;
import dev.safelight.job.Flow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
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
import tools.jackson.databind.ObjectMapper;

/// The tables of assets and their versions.
@Repository
class AssetRepository {
    private static final String ENTRY =
            """
            select a.id, a.space, a.owner, a.metadata, v.*, v.version = a.current_version as is_current,
                   (select count(*) from asset_version n where n.asset_id = a.id) as versions,
                   c.name as account_name, coalesce(a.deleted_at, c.erased_at) as gone_at,
                   coalesce(a.purged_at, c.erased_at) as purge_at, c.erased_at is not null as erased,
                   %s as variants, %s as mezzanines
            from asset a join asset_version v on v.asset_id = a.id left join account c on c.id = a.account
            """.formatted(VariantRepository.arrayOf("delivery"), VariantRepository.arrayOf("source"));

    /// An order of versions `v` that begins with the one to show while none is current: what can be looked at
    /// and decided on comes before what is on its way or was refused.
    private static final String MOST_TELLING_FIRST =
            "(v.status = 'READY' and v.moderation <> 'rejected') desc, v.version desc";

    private final JdbcClient jdbc;
    private final ObjectMapper json;
    private final VariantRepository variants;

    AssetRepository(JdbcClient jdbc, ObjectMapper json, VariantRepository variants) {
        this.jdbc = jdbc;
        this.json = json;
        this.variants = variants;
    }

    /// Whose jobs those of an asset are.
    Optional<Flow> flow(AssetId id) {
        return jdbc.sql("select space, owner from asset where id = :id")
                .param("id", id.value())
                .query((row, number) ->
                        new Flow(Space.parse(row.getString("space")).orElseThrow(), row.getObject("owner", UUID.class)))
                .optional();
    }

    /// @param account its number; null for none
    void insertAsset(
            AssetId id, Space space, UUID owner, Map<String, String> metadata, @Nullable Long account, Instant now) {
        jdbc.sql("""
                insert into asset (id, space, owner, metadata, account, created_at)
                values (:id, :space, :owner, cast(:metadata as jsonb), :account, :now)
                """)
                .param("id", id.value())
                .param("space", space.text())
                .param("owner", owner)
                .param("metadata", json.writeValueAsString(metadata))
                .param("account", account)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    void insertVersion(AssetVersion version, Instant now) {
        AssetVersion.Original original = version.original();
        Duration maxDuration = original.limits().maxDuration();
        jdbc.sql("""
                insert into asset_version (asset_id, version, status, moderation, file_name, declared_type,
                                           original_key, original_bytes, sha256, max_pixels, max_duration_ms,
                                           created_at)
                values (:id, :version, :status, :moderation, :fileName, :type, :key, :bytes, :sha256, :maxPixels,
                        :maxDuration, :now)
                """)
                .param("id", version.id().value())
                .param("version", version.version())
                .param("status", version.status().name())
                .param("moderation", Moderation.initial(version.space()).text())
                .param("fileName", original.fileName())
                .param("type", original.declaredType().text())
                .param("key", original.key().key())
                .param("bytes", original.bytes())
                .param("sha256", original.sha256())
                .param("maxPixels", original.limits().maxPixels())
                .param("maxDuration", maxDuration == null ? null : maxDuration.toMillis())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    Optional<CatalogEntry> find(AssetId id, int version) {
        return jdbc.sql(ENTRY + " where a.id = :id and v.version = :version")
                .param("id", id.value())
                .param("version", version)
                .query(this::entry)
                .optional();
    }

    /// The current version, else the one that tells most.
    Optional<CatalogEntry> findCurrent(AssetId id) {
        return jdbc.sql(ENTRY + """
                 where a.id = :id
                 order by (v.version = a.current_version) is true desc, %s limit 1
                """.formatted(MOST_TELLING_FIRST))
                .param("id", id.value())
                .query(this::entry)
                .optional();
    }

    /// A page of the versions of an asset, newest first.
    ///
    /// @param before the last number of the page before
    List<CatalogEntry> versions(AssetId id, @Nullable Integer before, int limit) {
        return jdbc.sql(ENTRY + """
                 where a.id = :id and (cast(:before as int) is null or v.version < cast(:before as int))
                 order by v.version desc limit :limit
                """)
                .param("id", id.value())
                .param("before", before)
                .param("limit", limit)
                .query(this::entry)
                .list();
    }

    /// The newest product picture that was uploaded for an article and may be delivered.
    Optional<CatalogEntry> findBySku(String sku, String role) {
        return jdbc.sql(ENTRY + """
                 where a.metadata ->> 'sku' = :sku and a.metadata ->> 'role' = :role and a.space = 'product'
                   and v.version = a.current_version and %s
                 order by a.id desc limit 1
                """.formatted(CatalogEntry.DELIVERABLE))
                .param("sku", sku)
                .param("role", role)
                .query(this::entry)
                .optional();
    }

    /// The first version that an original belongs to.
    Optional<CatalogEntry> findByOriginal(String key) {
        return jdbc.sql(ENTRY + " where v.original_key = :key order by v.created_at, v.asset_id, v.version limit 1")
                .param("key", key)
                .query(this::entry)
                .optional();
    }

    /// READY versions of equal bytes whose original another upload of an owner may share, oldest first.
    List<CatalogEntry> findSameContent(SameContent wanted, int limit) {
        return jdbc.sql(ENTRY + """
                 where v.sha256 = :sha256 and v.original_bytes = :bytes and v.status = 'READY'
                   and v.declared_type = :type and a.space = :space and v.moderation <> 'rejected'
                   and (a.owner = :owner or (a.space <> 'user' and v.moderation = 'approved'))
                   and %s
                 order by v.created_at, v.asset_id, v.version limit :limit
                """.formatted(Deletions.LIVE))
                .param("sha256", wanted.sha256())
                .param("bytes", wanted.bytes())
                .param("type", wanted.type().text())
                .param("space", wanted.space().text())
                .param("owner", wanted.owner())
                .param("limit", limit)
                .query(this::entry)
                .list();
    }

    /// The version that a variant belongs to.
    Optional<CatalogEntry> findByVariant(String key) {
        return jdbc.sql(ENTRY + """
                 where (v.asset_id, v.version) = (select t.asset_id, t.version from variant t where t.key = :key)
                """).param("key", key).query(this::entry).optional();
    }

    /// A page of assets, newest first.
    ///
    /// @param before the last id of the page before
    List<CatalogEntry> list(AssetFilter filter, @Nullable AssetId before, int limit) {
        return jdbc.sql(ENTRY + """
                 where v.version = coalesce(a.current_version,
                           (select v.version from asset_version v where v.asset_id = a.id order by %s limit 1))
                   and (a.space = any(string_to_array(:spaces, ','))
                        or (a.space = any(string_to_array(:ownSpaces, ',')) and a.owner = :owner))
                   and (cast(:status as text) is null or v.status = cast(:status as text))
                   and (cast(:account as text) is null
                        or a.account = (select id from account where name = cast(:account as text)))
                   and (%s) = not :deleted
                   and (cast(:before as uuid) is null or a.id < cast(:before as uuid))
                 order by a.id desc limit :limit
                """.formatted(MOST_TELLING_FIRST, Deletions.LIVE))
                .param("account", filter.account())
                .param("deleted", filter.deleted())
                .param("spaces", joined(filter.spaces()))
                .param("ownSpaces", joined(filter.ownSpaces()))
                .param("owner", filter.owner())
                .param(
                        "status",
                        filter.status() == null ? null : filter.status().name())
                .param("before", before == null ? null : before.value())
                .param("limit", limit)
                .query(this::entry)
                .list();
    }

    private static String joined(Set<Space> spaces) {
        return spaces.stream().map(Space::text).collect(Collectors.joining(","));
    }

    /// Keeps others from changing a version until the transaction ends; false when there is none.
    boolean lock(AssetId id, int version) {
        return jdbc.sql("select 1 from asset_version where asset_id = :id and version = :version for update")
                .param("id", id.value())
                .param("version", version)
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    /// Versions that have been PROCESSING for some time.
    List<VersionId> processingSince(Instant before, int limit) {
        return jdbc.sql("""
                select v.asset_id, v.version
                from asset_version v join asset a on a.id = v.asset_id left join account c on c.id = a.account
                where v.status = 'PROCESSING' and v.created_at < :before and %s
                order by v.created_at limit :limit
                """.formatted(Deletions.LIVE))
                .param("before", before.atOffset(ZoneOffset.UTC))
                .param("limit", limit)
                .query((row, number) ->
                        new VersionId(new AssetId(row.getObject("asset_id", UUID.class)), row.getInt("version")))
                .list();
    }

    /// Moves a version on from one of the given states; false when it is in another one, or its asset is purged.
    boolean move(AssetId id, int version, Set<Status> from, Status to, @Nullable Rejection rejection, Instant now) {
        return jdbc.sql("""
                update asset_version
                set status = :to, reason = :reason, detail = :detail, ended_at = cast(:ended as timestamptz),
                    started_at = case when cast(:ended as timestamptz) is null then null else started_at end
                where asset_id = :id and version = :version and status in (:from)
                  and not exists (select 1 from asset a where a.id = :id and a.purged_at is not null)
                """)
                        .param("id", id.value())
                        .param("version", version)
                        .param("from", from.stream().map(Status::name).toList())
                        .param("to", to.name())
                        .param(
                                "reason",
                                rejection == null ? null : rejection.reason().text())
                        .param("detail", rejection == null ? null : rejection.detail())
                        .param("ended", to.isFinal() ? now.atOffset(ZoneOffset.UTC) : null)
                        .update()
                > 0;
    }

    void setOriginal(AssetId id, int version, String etag, long bytes) {
        jdbc.sql("""
                update asset_version set original_etag = :etag, original_bytes = :bytes
                where asset_id = :id and version = :version
                """)
                .param("id", id.value())
                .param("version", version)
                .param("etag", etag)
                .param("bytes", bytes)
                .update();
    }

    void setFacts(AssetVersion version) {
        jdbc.sql("""
                update asset_version set facts = cast(:facts as jsonb) where asset_id = :id and version = :version
                """)
                .param("id", version.id().value())
                .param("version", version.version())
                .param("facts", version.facts() == null ? null : FactsJson.write(version.facts()))
                .update();
    }

    /// @param point null for the computed one
    boolean setFocalPoint(AssetId id, int version, Facts.@Nullable FocalPoint point) {
        return jdbc.sql("""
                update asset_version
                set focal_x = cast(:x as double precision), focal_y = cast(:y as double precision)
                where asset_id = :id and version = :version
                """)
                        .param("id", id.value())
                        .param("version", version)
                        .param("x", point == null ? null : point.x())
                        .param("y", point == null ? null : point.y())
                        .update()
                > 0;
    }

    /// Only what is READY can be approved: before, nobody knows what the bytes will be.
    boolean moderate(AssetId id, int version, Moderation moderation, @Nullable String reason) {
        return jdbc.sql("""
                update asset_version set moderation = :moderation, moderation_reason = :reason
                where asset_id = :id and version = :version and (:moderation <> 'approved' or status = 'READY')
                """)
                        .param("id", id.value())
                        .param("version", version)
                        .param("moderation", moderation.text())
                        .param("reason", reason)
                        .update()
                > 0;
    }

    private CatalogEntry entry(ResultSet row, int number) throws SQLException {
        // From the moment of an erasure on, not only once all rows are blank.
        boolean erased = row.getBoolean("erased");
        Facts.FocalPoint byHand = erased ? null : focalPoint(row);
        String reason = row.getString("reason");
        AssetVersion version = new AssetVersion(
                new AssetId(row.getObject("id", UUID.class)),
                row.getInt("version"),
                Space.parse(row.getString("space")).orElseThrow(),
                new AssetVersion.Original(
                        new BlobKey(Bucket.RAW, row.getString("original_key")),
                        erased ? Deletions.BLANK : row.getString("file_name"),
                        MediaType.parse(row.getString("declared_type")).orElseThrow(),
                        row.getLong("original_bytes"),
                        row.getString("original_etag"),
                        row.getString("sha256"),
                        limits(row)),
                Status.valueOf(row.getString("status")),
                reason == null ? null : new Rejection(Reason.parse(reason), row.getString("detail")),
                facts(erased ? null : row.getString("facts"), byHand),
                variants.read(row.getString("variants")),
                variants.read(row.getString("mezzanines")));
        Timestamp started = row.getTimestamp("started_at");
        Timestamp ended = row.getTimestamp("ended_at");
        return new CatalogEntry(
                version,
                row.getObject("owner", UUID.class),
                Moderation.parse(row.getString("moderation")).orElseThrow(),
                erased ? null : row.getString("moderation_reason"),
                erased
                        ? Map.of()
                        : json.readValue(row.getString("metadata"), new TypeReference<Map<String, String>>() {}),
                row.getTimestamp("created_at").toInstant(),
                started == null ? null : started.toInstant(),
                ended == null ? null : ended.toInstant(),
                byHand != null,
                row.getBoolean("is_current"),
                row.getInt("versions"),
                row.getString("account_name"),
                deletion(row));
    }

    private static @Nullable Deletion deletion(ResultSet row) throws SQLException {
        Timestamp deleted = row.getTimestamp("gone_at");
        Timestamp purged = row.getTimestamp("purge_at");
        return deleted == null
                ? null
                : new Deletion(
                        deleted.toInstant(), purged == null ? null : purged.toInstant(), row.getBoolean("erased"));
    }

    private static ContentLimits limits(ResultSet row) throws SQLException {
        long pixels = row.getLong("max_pixels");
        Long maxPixels = row.wasNull() ? null : pixels;
        long millis = row.getLong("max_duration_ms");
        return new ContentLimits(maxPixels, row.wasNull() ? null : Duration.ofMillis(millis));
    }

    private static @Nullable Facts facts(@Nullable String json, Facts.@Nullable FocalPoint byHand) {
        Facts facts = json == null ? null : FactsJson.read(json);
        return switch (facts) {
            case null -> null;
            case Facts.Image image -> byHand == null ? image : image.withFocalPoint(byHand);
        };
    }

    private static Facts.@Nullable FocalPoint focalPoint(ResultSet row) throws SQLException {
        double x = row.getDouble("focal_x");
        return row.wasNull() ? null : new Facts.FocalPoint(x, row.getDouble("focal_y"));
    }
}
