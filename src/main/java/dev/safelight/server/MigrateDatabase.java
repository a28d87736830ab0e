package dev.safelight.server;

import dev.safelight.asset.Failure;
import dev.safelight.database.DatabaseUrl;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/// Brings the tables up to this version. It is the first to use the database, so it says what is wrong with
/// that.
@Component
final class MigrateDatabase implements FlywayMigrationStrategy {
    /// Classes and values of SQLSTATE: of the standard, and of PostgreSQL.
    private static final String REFUSED_USER = "28";

    private static final String NO_SUCH_DATABASE = "3D000";
    private static final String NO_CONNECTION = "08";
    private static final String NOT_NOW = "57P";
    private static final String TOO_MANY = "53300";

    private final Environment settings;

    MigrateDatabase(Environment settings) {
        this.settings = settings;
    }

    @Override
    public void migrate(Flyway flyway) {
        try {
            flyway.migrate();
        } catch (FlywayException failed) {
            SQLException said = lastSql(failed);
            if (said == null) {
                throw failed;
            }
            throw new Failure(Failure.Kind.UNAVAILABLE, sentence(said), failed);
        }
    }

    private static @Nullable SQLException lastSql(Throwable failed) {
        SQLException last = null;
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                last = sql;
            }
        }
        return last;
    }

    private String sentence(SQLException said) {
        Optional<DatabaseUrl> url = Optional.ofNullable(settings.getProperty("spring.datasource.url"))
                .flatMap(DatabaseUrl::parse);
        String database = url.map(one -> "the database at " + one.servers()).orElse("the embedded database");
        String state = String.valueOf(said.getSQLState());
        if (state.startsWith(REFUSED_USER)) {
            return "%s does not let the user \"%s\" in: see spring.datasource.username and spring.datasource.password."
                    .formatted(database, user(url));
        }
        if (state.equals(NO_SUCH_DATABASE)) {
            return "%s has no database \"%s\": see spring.datasource.url."
                    .formatted(database, url.map(DatabaseUrl::database).orElse(""));
        }
        if (state.startsWith(NO_CONNECTION) || state.startsWith(NOT_NOW) || state.equals(TOO_MANY)) {
            return "%s cannot be reached (%s): see spring.datasource.url.".formatted(database, reason(said));
        }
        return "%s does not take the tables of Safelight: %s".formatted(database, firstLine(said));
    }

    private String user(Optional<DatabaseUrl> url) {
        return settings.getProperty(
                "spring.datasource.username", url.map(DatabaseUrl::user).orElse(System.getProperty("user.name", "")));
    }

    private static String reason(SQLException said) {
        return said.getCause() instanceof UnknownHostException
                ? "nobody knows this host"
                : firstLine(said).replaceFirst("\\. .*|\\.$", "");
    }

    private static String firstLine(SQLException said) {
        return String.valueOf(said.getMessage()).lines().findFirst().orElse("");
    }
}
