package dev.safelight.orphan;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.store.StoredObject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// What is known of objects, and the list of those of which nothing is.
@Repository
class OrphanRepository {
    private final JdbcClient jdbc;

    OrphanRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Those of some keys of one bucket that belong to an upload, an original or a variant.
    Set<String> known(Bucket bucket, Collection<String> keys) {
        String sql = bucket == Bucket.RAW
                ? """
                select object_key from upload where object_key = any(:keys)
                union select original_key from asset_version where original_key = any(:keys)
                """
                : "select object_key from variant where bucket = :bucket and object_key = any(:keys)";
        var query = jdbc.sql(sql).param("keys", keys.toArray(String[]::new));
        return new HashSet<>((bucket == Bucket.RAW ? query : query.param("bucket", bucket.name()))
                .query(String.class)
                .list());
    }

    /// Notes orphans as seen just now; one that is another object than before counts from now on.
    void note(List<StoredObject> orphans, Instant now) {
        jdbc.sql("""
                insert into orphan (bucket, object_key, bytes, etag, modified_at, found_at, seen_at)
                select b, k, s, e, cast(m as timestamptz), :now, :now
                from unnest(:buckets, :keys, :bytes, :etags, :modified) as o(b, k, s, e, m)
                on conflict (bucket, object_key) do update set
                    found_at = case when (orphan.etag, orphan.bytes, orphan.modified_at)
                                       = (excluded.etag, excluded.bytes, excluded.modified_at)
                                    then orphan.found_at else excluded.found_at end,
                    bytes = excluded.bytes, etag = excluded.etag, modified_at = excluded.modified_at,
                    seen_at = excluded.seen_at
                """)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param(
                        "buckets",
                        orphans.stream().map(one -> one.key().bucket().text()).toArray(String[]::new))
                .param("keys", orphans.stream().map(one -> one.key().key()).toArray(String[]::new))
                .param("bytes", orphans.stream().map(StoredObject::bytes).toArray(Long[]::new))
                .param("etags", orphans.stream().map(StoredObject::etag).toArray(String[]::new))
                .param(
                        "modified",
                        orphans.stream()
                                .map(one -> one.lastModified().toString())
                                .toArray(String[]::new))
                .update();
    }

    /// Forgets orphans that a whole walk through their bucket did not see.
    void forgetUnseen(Bucket bucket, Instant walkBegan) {
        jdbc.sql("delete from orphan where bucket = :bucket and seen_at < :began")
                .param("bucket", bucket.text())
                .param("began", walkBegan.atOffset(ZoneOffset.UTC))
                .update();
    }

    void forget(BlobKey key) {
        jdbc.sql("delete from orphan where bucket = :bucket and object_key = :key")
                .param("bucket", key.bucket().text())
                .param("key", key.key())
                .update();
    }

    Optional<Orphan> find(BlobKey key) {
        return jdbc.sql("select * from orphan where bucket = :bucket and object_key = :key")
                .param("bucket", key.bucket().text())
                .param("key", key.key())
                .query(OrphanRepository::orphan)
                .optional();
    }

    /// Orphans in the order of bucket and key.
    ///
    /// @param bucket null for all
    /// @param foundBefore null for whenever
    /// @param after where the page before ended
    List<Orphan> page(@Nullable Bucket bucket, @Nullable Instant foundBefore, @Nullable BlobKey after, int limit) {
        return jdbc.sql("""
                select * from orphan
                where bucket = coalesce(cast(:bucket as text), bucket)
                  and found_at < coalesce(cast(:before as timestamptz), 'infinity')
                  and (bucket, object_key) > (:afterBucket, :afterKey)
                order by bucket, object_key limit :limit
                """)
                .param("bucket", bucket == null ? null : bucket.text())
                .param("before", foundBefore == null ? null : foundBefore.atOffset(ZoneOffset.UTC))
                .param("afterBucket", after == null ? "" : after.bucket().text())
                .param("afterKey", after == null ? "" : after.key())
                .param("limit", limit)
                .query(OrphanRepository::orphan)
                .list();
    }

    /// How many there are in a bucket, and their bytes.
    record Total(long objects, long bytes) {
        static final Total NONE = new Total(0, 0);
    }

    Map<Bucket, Total> totals() {
        Map<Bucket, Total> totals = new EnumMap<>(Bucket.class);
        jdbc.sql("select bucket, count(*) as objects, sum(bytes) as bytes from orphan group by bucket")
                .query(row -> {
                    totals.put(bucket(row), new Total(row.getLong("objects"), row.getLong("bytes")));
                });
        return totals;
    }

    private static Orphan orphan(ResultSet row, int number) throws SQLException {
        return new Orphan(
                new BlobKey(bucket(row), row.getString("object_key")),
                row.getLong("bytes"),
                row.getString("etag"),
                row.getTimestamp("modified_at").toInstant(),
                row.getTimestamp("found_at").toInstant(),
                row.getTimestamp("seen_at").toInstant());
    }

    private static Bucket bucket(ResultSet row) throws SQLException {
        return Bucket.valueOf(row.getString("bucket").toUpperCase(Locale.ROOT));
    }
}
