package dev.safelight.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DatabaseUrlTest {
    @Test
    void findsServerDatabaseAndUser() {
        assertThat(DatabaseUrl.parse("jdbc:postgresql://db.example/media"))
                .contains(new DatabaseUrl("db.example:5432", "media", null));
        assertThat(DatabaseUrl.parse("jdbc:postgresql://a:1,b/media?user=x@y&password=z"))
                .contains(new DatabaseUrl("a:1,b:5432", "media", "x@y"));
    }

    @Test
    void knowsWhatIsNone() {
        assertThat(DatabaseUrl.parse("jdbc:mysql://h/x")).isEmpty();
        assertThat(DatabaseUrl.parse("postgres://u:p@h/x")).isEmpty();
        assertThat(DatabaseUrl.parse("jdbc:postgresql://u@h/x")).isEmpty();
    }
}
