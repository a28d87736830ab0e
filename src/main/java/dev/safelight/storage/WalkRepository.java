package dev.safelight.storage;

import dev.safelight.asset.Bucket;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// How far each walk has come in each bucket.
@Repository
class WalkRepository {
    private final JdbcClient jdbc;

    WalkRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// @param after the key behind which it goes on
    /// @param finishedAt null while it is under way
    record Place(String after, Instant beganAt, @Nullable Instant finishedAt) {}

    Optional<Place> find(String walk, Bucket bucket) {
        return jdbc.sql(
                        "select after_key, began_at, finished_at from bucket_walk where walk = :walk and bucket = :bucket")
                .param("walk", walk)
                .param("bucket", bucket.text())
                .query((row, number) -> {
                    Timestamp finished = row.getTimestamp("finished_at");
                    return new Place(
                            row.getString("after_key"),
                            row.getTimestamp("began_at").toInstant(),
                            finished == null ? null : finished.toInstant());
                })
                .optional();
    }

    void save(String walk, Bucket bucket, Place place) {
        Instant finished = place.finishedAt();
        jdbc.sql("""
                insert into bucket_walk (walk, bucket, after_key, began_at, finished_at)
                values (:walk, :bucket, :after, :began, :finished)
                on conflict (walk, bucket) do update set after_key = excluded.after_key,
                    began_at = excluded.began_at, finished_at = excluded.finished_at
                """)
                .param("walk", walk)
                .param("bucket", bucket.text())
                .param("after", place.after())
                .param("began", place.beganAt().atOffset(ZoneOffset.UTC))
                .param("finished", finished == null ? null : finished.atOffset(ZoneOffset.UTC))
                .update();
    }
}
