package dev.safelight.catalog;

import dev.safelight.asset.Account;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The table of accounts.
@Repository
class AccountRepository {
    private final JdbcClient jdbc;

    AccountRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// The number of an account that is not erased, entered if it is new. It is not erased before the caller's
    /// transaction ends; an erasure that was faster leaves it to begin another account of that name.
    long idFor(Account account, Instant now) {
        while (true) {
            Optional<Long> known = jdbc.sql("select id from account where name = :name for share")
                    .param("name", account.name())
                    .query(Long.class)
                    .optional();
            if (known.isPresent()) {
                return known.get();
            }
            jdbc.sql("""
                    insert into account (name, name_hash, created_at) values (:name, :hash, :now)
                    on conflict (name) where name is not null do nothing
                    """)
                    .param("name", account.name())
                    .param("hash", account.hash())
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .update();
        }
    }

    /// Forgets the name of an account, which closes it.
    ///
    /// @return its number, or empty when no account bears the name
    Optional<Long> close(Account account, Instant now) {
        return jdbc.sql("update account set name = null, erased_at = :now where name = :name returning id")
                .param("name", account.name())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query(Long.class)
                .optional();
    }

    /// The account of this name that was erased last.
    Optional<Long> lastClosed(Account account) {
        return jdbc.sql("""
                select id from account where name_hash = :hash and erased_at is not null order by id desc limit 1
                """).param("hash", account.hash()).query(Long.class).optional();
    }
}
