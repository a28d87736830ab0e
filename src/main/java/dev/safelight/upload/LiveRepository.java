package dev.safelight.upload;

import java.time.Instant;
import java.time.ZoneOffset;
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
    /// @param isOpen whether more is to come
    record Row(UUID id, @Nullable UUID session, String state, boolean isOpen) {}

    /// What there is of some uploads and sessions. Of a session that was looked at before, only what may have
    /// changed:
    /// uploads that are open, and young ones, which may have ended since they began.
    ///
    /// @param uploads told of whatever their state
    /// @param whole sessions told of with all their uploads
    /// @param others sessions that were looked at before
    /// @param young begun after this
    List<Row> look(Collection<UUID> uploads, Collection<UUID> whole, Collection<UUID> others, Instant young) {
        return jdbc.sql("""
                select u.id, u.session, v.status in ('PENDING', 'PROCESSING') as open,
                       concat_ws(' ', u.state, v.status, v.reason, v.started_at is null) as state
                from upload u join asset_version v on (v.asset_id, v.version) = (u.asset_id, u.version)
                where u.id in (select unnest(:uploads)
                               union select id from upload where session = any(:whole)
                               union select id from upload
                                     where session = any(:others)
                                       and (state in ('PENDING', 'RECEIVED') or created_at > :young))
                  and (v.status in ('PENDING', 'PROCESSING') or u.created_at > :young
                       or u.id = any(:uploads) or u.session = any(:whole))
                order by u.id
                """)
                .param("uploads", uploads.toArray(UUID[]::new))
                .param("whole", whole.toArray(UUID[]::new))
                .param("others", others.toArray(UUID[]::new))
                .param("young", young.atOffset(ZoneOffset.UTC))
                .query((row, number) -> new Row(
                        row.getObject("id", UUID.class),
                        row.getObject("session", UUID.class),
                        row.getString("state"),
                        row.getBoolean("open")))
                .list();
    }
}
