package dev.safelight.testing;

import dev.safelight.asset.Bucket;
import dev.safelight.store.StoreRole;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Servers of the packaged jar in different roles, on one PostgreSQL and the S3 service that the environment names.
///
/// Each gets the credentials of its roles alone, and a data folder of its own.
public final class CephFleet implements AutoCloseable {
    private static final String CONNECTIONS = "8";

    private final Path folder;
    private final String buckets;
    private final TestDatabase database = TestDatabase.fresh();
    private final Map<String, String> settings = new ConcurrentHashMap<>();
    private final Map<String, SafelightProcess> servers = new ConcurrentHashMap<>();

    private CephFleet(Path folder, String buckets) {
        this.folder = folder;
        this.buckets = buckets;
        settings.putAll(Map.of(
                "SPRING_DATASOURCE_URL", database.jdbcUrl(),
                "SPRING_DATASOURCE_USERNAME", database.user(),
                "SPRING_DATASOURCE_PASSWORD", database.password(),
                "SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE", CONNECTIONS,
                "SPRING_DATASOURCE_HIKARI_MINIMUMIDLE", "1",
                "SAFELIGHT_S3_ENDPOINT", ExternalS3.endpoint().toString()));
        for (StoreRole role : StoreRole.values()) {
            settings.put(
                    "SAFELIGHT_STORAGE_PRINCIPALS_" + role.name(),
                    "arn:aws:iam:::user/" + identity(role).user());
        }
        for (Bucket bucket : Bucket.values()) {
            settings.put(
                    "SAFELIGHT_S3_BUCKETS_" + bucket.name(),
                    ExternalS3.names(buckets).get(bucket));
        }
    }

    private static ExternalS3.Identity identity(StoreRole role) {
        return role == StoreRole.ADMIN ? ExternalS3.owner() : ExternalS3.of(role.name());
    }

    /// @param buckets what the names of the four begin with; `safelight storage apply` makes them
    public static CephFleet in(Path folder, String buckets) {
        return new CephFleet(folder, buckets);
    }

    /// One more variable for every server that is started from now on.
    public CephFleet with(String variable, String value) {
        settings.put(variable, value);
        return this;
    }

    /// Starts a server and waits until it is ready.
    ///
    /// @param roles such as `api` or `worker,delivery`
    public SafelightProcess serve(String name, String roles) {
        SafelightProcess server = SafelightProcess.serve(data(name), environment(roles), "--roles", roles);
        servers.put(name, server);
        return server;
    }

    /// Starts a server without waiting for it.
    public SafelightProcess launch(String name, String roles) {
        SafelightProcess server = SafelightProcess.launch(data(name), environment(roles), "--roles", roles);
        servers.put(name, server);
        return server;
    }

    private Path data(String name) {
        return folder.resolve(name);
    }

    /// Runs a command of the command line with the owner's credentials, who may do everything.
    public Command command(String... arguments) {
        Map<String, String> environment = new HashMap<>(settings);
        add(environment, "ADMIN", ExternalS3.owner());
        return Command.run(environment, arguments);
    }

    private Map<String, String> environment(String roles) {
        Map<String, String> environment = new HashMap<>(settings);
        for (String role : roles.split(",")) {
            for (String identity : identities(role)) {
                add(environment, identity, ExternalS3.of(identity));
            }
        }
        return environment;
    }

    private static List<String> identities(String role) {
        return switch (role) {
            case "api" -> List.of("UPLOADER");
            case "worker" -> List.of("WORKER", "MARKETING", "UPLOADER");
            case "delivery" -> List.of("DELIVERY", "RENDERER");
            default -> throw new IllegalArgumentException(role);
        };
    }

    private static void add(Map<String, String> environment, String identity, ExternalS3.Identity keys) {
        String prefix = "SAFELIGHT_S3_KEYS_" + identity.toUpperCase(Locale.ROOT);
        environment.put(prefix + "_ACCESSKEY", keys.accessKey());
        environment.put(prefix + "_SECRETKEY", keys.secretKey());
    }

    public String buckets() {
        return buckets;
    }

    public DataSource database() {
        return database.dataSource();
    }

    public JdbcClient sql() {
        return JdbcClient.create(database());
    }

    @Override
    public void close() {
        List<SafelightProcess> all = new ArrayList<>(servers.values());
        all.forEach(SafelightProcess::kill);
        all.forEach(SafelightProcess::close);
    }
}
