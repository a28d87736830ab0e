package dev.safelight.catalog;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import dev.safelight.asset.Variant;
import dev.safelight.asset.VersionId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// The table of variants and mezzanines.
@Repository
class VariantRepository {
    private static final String DELIVERY = "delivery";
    private static final String SOURCE = "source";

    private final JdbcClient jdbc;
    private final ObjectMapper json;

    VariantRepository(JdbcClient jdbc, ObjectMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /// An expression for the variants of a version `v`, in a form that [#read] reads.
    static String arrayOf(String purpose) {
        return """
                coalesce((select jsonb_agg(jsonb_build_object(
                       'name', t.name, 'format', t.format, 'width', t.width, 'height', t.height, 'bytes', t.bytes,
                       'bucket', t.bucket, 'key', t.key, 'object', t.object_key, 'etag', t.etag, 'recipe', t.recipe)
                       order by t.width, t.height, t.name, t.format)
                     from variant t
                     where t.asset_id = v.asset_id and t.version = v.version and t.purpose = '%s'), '[]')
                """.formatted(purpose);
    }

    List<Variant> read(String array) {
        return json.readTree(array)
                .valueStream()
                .map(VariantRepository::variant)
                .toList();
    }

    private static Variant variant(JsonNode one) {
        Bucket bucket = Bucket.valueOf(one.path("bucket").asString());
        return new Variant(
                one.path("name").asString(),
                MediaType.valueOf(one.path("format").asString()),
                one.path("width").asInt(),
                one.path("height").asInt(),
                one.path("bytes").asLong(),
                new BlobKey(bucket, one.path("key").asString()),
                new BlobKey(bucket, one.path("object").asString()),
                one.path("etag").asString(),
                one.path("recipe").asString());
    }

    Optional<Deliverable> deliverable(String key) {
        return jdbc.sql("""
                select a.id, a.space, a.owner, t.*
                from variant t
                join asset_version v on v.asset_id = t.asset_id and v.version = t.version
                join asset a on a.id = t.asset_id
                left join account c on c.id = a.account
                where t.key = :key and t.purpose = 'delivery' and %s
                """.formatted(CatalogEntry.DELIVERABLE))
                .param("key", key)
                .query((row, number) -> new Deliverable(
                        new AssetId(row.getObject("id", UUID.class)),
                        Space.parse(row.getString("space")).orElseThrow(),
                        row.getObject("owner", UUID.class),
                        new Variant(
                                row.getString("name"),
                                MediaType.valueOf(row.getString("format")),
                                row.getInt("width"),
                                row.getInt("height"),
                                row.getLong("bytes"),
                                new BlobKey(Bucket.valueOf(row.getString("bucket")), key),
                                new BlobKey(Bucket.valueOf(row.getString("bucket")), row.getString("object_key")),
                                row.getString("etag"),
                                row.getString("recipe")),
                        row.getTimestamp("created_at").toInstant()))
                .optional();
    }

    /// Makes the derivatives of a version all that it has.
    void replaceAll(AssetVersion version, Instant now) {
        jdbc.sql("delete from variant where asset_id = :id and version = :version")
                .param("id", version.id().value())
                .param("version", version.version())
                .update();
        VersionId id = new VersionId(version.id(), version.version());
        insert(id, version.variants(), version.mezzanines(), now);
    }

    void insert(VersionId id, List<Variant> variants, List<Variant> mezzanines, Instant now) {
        variants.forEach(variant -> insert(id, variant, DELIVERY, now));
        mezzanines.forEach(variant -> insert(id, variant, SOURCE, now));
    }

    private void insert(VersionId id, Variant variant, String purpose, Instant now) {
        jdbc.sql("""
                insert into variant (asset_id, version, name, format, width, height, bytes, bucket, key, object_key, etag,
                                     recipe, purpose, created_at)
                values (:id, :version, :name, :format, :width, :height, :bytes, :bucket, :key, :object, :etag,
                        :recipe, :purpose, :now)
                """)
                .param("id", id.asset().value())
                .param("version", id.version())
                .param("name", variant.name())
                .param("format", variant.format().name())
                .param("width", variant.width())
                .param("height", variant.height())
                .param("bytes", variant.bytes())
                .param("bucket", variant.key().bucket().name())
                .param("key", variant.key().key())
                .param("object", variant.object().key())
                .param("etag", variant.etag())
                .param("recipe", variant.recipe())
                .param("purpose", purpose)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    void delete(VersionId id, BlobKey key) {
        jdbc.sql("delete from variant where asset_id = :id and version = :version and key = :key")
                .param("id", id.asset().value())
                .param("version", id.version())
                .param("key", key.key())
                .update();
    }
}
