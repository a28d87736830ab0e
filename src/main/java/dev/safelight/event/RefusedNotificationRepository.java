package dev.safelight.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The table of notifications that could not be read.
@Repository
class RefusedNotificationRepository {
    private final JdbcClient jdbc;
    private final InstantSource clock;

    RefusedNotificationRepository(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /// The id of the notification, the same however often it is kept.
    long keep(String messageId, String body) {
        return jdbc.sql("""
                insert into refused_notification (message_id, body, refused_at) values (:message, :body, :now)
                on conflict (message_id) do update set refused_at = excluded.refused_at
                returning id
                """)
                .param("message", messageId)
                .param("body", body.getBytes(StandardCharsets.UTF_8))
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .query(Long.class)
                .single();
    }

    Optional<String> find(long id) {
        return jdbc.sql("select body from refused_notification where id = :id")
                .param("id", id)
                .query((row, number) -> new String(row.getBytes("body"), StandardCharsets.UTF_8))
                .optional();
    }

    void forget(long id) {
        jdbc.sql("delete from refused_notification where id = :id")
                .param("id", id)
                .update();
    }

    int count() {
        return jdbc.sql("select count(*) from refused_notification")
                .query(Integer.class)
                .single();
    }

    int forgetBefore(Instant limit) {
        return jdbc.sql("delete from refused_notification where refused_at < :limit")
                .param("limit", limit.atOffset(ZoneOffset.UTC))
                .update();
    }
}
