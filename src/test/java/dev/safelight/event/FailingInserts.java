package dev.safelight.event;

import org.springframework.jdbc.core.simple.JdbcClient;

/// A database that fails in a passing way whenever an event of one key is to be kept.
public record FailingInserts(JdbcClient jdbc, String name) {

    public static FailingInserts of(JdbcClient jdbc, String key) {
        String name = "fail_" + Integer.toHexString(key.hashCode());
        jdbc.sql("""
                create or replace function fail_for_a_while() returns trigger as
                $$ begin raise exception 'for a while' using errcode = '40001'; end $$ language plpgsql;
                create trigger %s before insert on store_event for each row
                when (new.object_key = '%s') execute function fail_for_a_while()
                """.formatted(name, key)).update();
        return new FailingInserts(jdbc, name);
    }

    public void end() {
        jdbc.sql("drop trigger %s on store_event".formatted(name)).update();
    }
}
