package dev.safelight.database;

import java.util.Optional;
import java.util.Properties;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/// Where another PostgreSQL server is, as a JDBC address says. What is secret in the address is not kept.
///
/// @param servers as `host:port`, separated by commas where there are several
/// @param user null where the address names nobody
public record DatabaseUrl(
        String servers, String database, @Nullable String user) {
    /// What an address has to look like.
    public static final String FORM = "jdbc:postgresql://HOST:5432/DATABASE";

    /// @return empty for what is no address of a PostgreSQL server
    public static Optional<DatabaseUrl> parse(String url) {
        // The driver knows no user in front of the host, and would take it for a part of the name.
        if (url.replaceFirst("\\?.*", "").contains("@")) {
            return Optional.empty();
        }
        Properties parsed = Driver.parseURL(url, new Properties());
        if (parsed == null) {
            return Optional.empty();
        }
        String[] hosts = String.valueOf(PGProperty.PG_HOST.getOrDefault(parsed)).split(",");
        String[] ports = String.valueOf(PGProperty.PG_PORT.getOrDefault(parsed)).split(",");
        StringJoiner servers = new StringJoiner(",");
        for (int i = 0; i < hosts.length; i++) {
            servers.add(hosts[i] + ":" + ports[Math.min(i, ports.length - 1)]);
        }
        return Optional.of(new DatabaseUrl(
                servers.toString(),
                String.valueOf(PGProperty.PG_DBNAME.getOrDefault(parsed)),
                PGProperty.USER.getOrNull(parsed)));
    }
}
