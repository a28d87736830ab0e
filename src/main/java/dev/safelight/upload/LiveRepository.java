package dev.safelight.upload;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// What changes of uploads while somebody watches them: few columns of many rows, asked for again and again.
@Repository
class LiveRepository {
    private final JdbcClient jdbc;

    LiveRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// @param state changes whenever there is something to tell
    record Row(UUID id, @Nullable UUID session, String state) {}

    List<Row> look(Collection<UUID> uploads, Collection<UUID> sessions) {
        return jdbc.sql("""
                select u.id, u.session,
                       concat_ws(' ', u.state, v.status, v.reason, v.started_at is null) as state
                from upload u join asset_version v on (v.asset_id, v.version) = (u.asset_id, u.version)
                where u.id = any(:uploads) or u.session = any(:sessions)
                order by u.id
                """)
                .param("uploads", uploads.toArray(UUID[]::new))
                .param("sessions", sessions.toArray(UUID[]::new))
                .query((row, number) -> new Row(
                        row.getObject("id", UUID.class), row.getObject("session", UUID.class), row.getString("state")))
                .list();
    }
}
