package dev.safelight.catalog;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// PostgreSQL's side of [RemovalLock].
@Repository
class RemovalLockRepository {
    private final JdbcClient jdbc;

    RemovalLockRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Takes a share of the lock until the transaction ends, if nobody holds it alone or waits to.
    boolean tryShare(long lock) {
        return jdbc.sql("select pg_try_advisory_xact_lock_shared(:lock)")
                .param("lock", lock)
                .query(Boolean.class)
                .single();
    }
}
