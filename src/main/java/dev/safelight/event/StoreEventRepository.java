package dev.safelight.event;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The table of events taken in.
@Repository
class StoreEventRepository {
    private final JdbcClient jdbc;
    private final InstantSource clock;

    StoreEventRepository(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /// The id of the event, or empty when it is known already.
    Optional<Long> insert(StoreEvent event) {
        return jdbc.sql("""
                insert into store_event (bucket, object_key, object_tag, sequencer, received_at)
                values (:bucket, :key, :tag, :sequencer, :now)
                on conflict do nothing
                returning id
                """)
                .param("bucket", event.bucket())
                .param("key", event.key())
                .param("tag", event.objectTag())
                .param("sequencer", event.sequencer())
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .query(Long.class)
                .optional();
    }

    int forgetBefore(Instant limit) {
        return jdbc.sql("delete from store_event where received_at < :limit")
                .param("limit", limit.atOffset(ZoneOffset.UTC))
                .update();
    }
}
