package dev.safelight.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.safelight.asset.Failure;
import dev.safelight.testing.TestDatabase;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/// What an operator reads whose database does not do.
class MigrateDatabaseTest {
    private final TestDatabase database = TestDatabase.fresh();

    private static void migrate(String url, String user, String password) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "test", Map.of("spring.datasource.url", url, "spring.datasource.username", user)));
        new MigrateDatabase(environment)
                .migrate(Flyway.configure().dataSource(url, user, password).load());
    }

    private static void refuses(String url, String user, String password, String sentence) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> migrate(url, user, password))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE))
                .withMessageContaining(sentence)
                .withMessageNotContaining("version of Safelight");
    }

    @Test
    void takesOneThatIsThere() {
        assertThatCode(() -> migrate(database.jdbcUrl(), database.user(), database.password()))
                .doesNotThrowAnyException();
    }

    @Test
    void saysWhichOneNobodyAnswersFor() {
        refuses(
                "jdbc:postgresql://127.0.0.1:1/x",
                "u",
                "p",
                "the database at 127.0.0.1:1 cannot be reached (Connection to 127.0.0.1:1 refused): see spring.datasource.url.");
        refuses(
                "jdbc:postgresql://absent.invalid/x",
                "u",
                "p",
                "the database at absent.invalid:5432 cannot be reached (nobody knows this host)");
    }

    @Test
    void saysWhoIsNotLetIn() {
        refuses(
                database.jdbcUrl(),
                database.user(),
                "wrong",
                "does not let the user \"" + database.user() + "\" in: see spring.datasource.username");
    }

    @Test
    void saysWhichDatabaseIsNotThere() {
        refuses(
                database.jdbcUrl().replaceFirst("/[^/]*$", "/absent"),
                database.user(),
                database.password(),
                "has no database \"absent\": see spring.datasource.url.");
    }
}
