package dev.safelight.testing;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Several processes of the packaged jar on one PostgreSQL and one S3, which a further process lends them.
public final class Fleet implements AutoCloseable {
    private static final String DATABASE = "fleet";

    private final Path folder;
    private final SafelightProcess host;
    private final String storeUrl;
    private final List<SafelightProcess> members = new ArrayList<>();

    private Fleet(Path folder, SafelightProcess host, String storeUrl) {
        this.folder = folder;
        this.host = host;
        this.storeUrl = storeUrl;
    }

    public static Fleet in(Path folder) {
        int port = FreePort.take();
        SafelightProcess host = SafelightProcess.serve(folder.resolve("host"), "--s3-port", String.valueOf(port));
        host.database().sql().sql("create database " + DATABASE).update();
        return new Fleet(folder, host, "http://127.0.0.1:" + port);
    }

    /// Starts a process and waits until it is ready.
    ///
    /// @param identities the store's identities whose keys it is given
    public SafelightProcess serve(String name, String roles, List<String> identities, Map<String, String> more) {
        SafelightProcess member =
                SafelightProcess.serve(folder.resolve(name), environment(identities, more), "--roles", roles);
        members.add(member);
        return member;
    }

    /// Variables that lead a process to the database and the store.
    public Map<String, String> environment(List<String> identities, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(host.database().environment(DATABASE));
        settings.put("SAFELIGHT_S3_ENDPOINT", storeUrl);
        // All of them use the embedded database of one, which has room for few.
        settings.put("SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE", "6");
        settings.put("SPRING_DATASOURCE_HIKARI_MINIMUMIDLE", "1");
        settings.put("SAFELIGHT_UPLOAD_PARTSIZE", "5MB");
        settings.put("SAFELIGHT_UPLOAD_RECONCILEAFTER", "1s");
        settings.put("SAFELIGHT_UPLOAD_RECONCILEPAUSE", "1s");
        for (String bucket : List.of("raw", "processed", "user", "marketing")) {
            settings.put("SAFELIGHT_S3_BUCKETS_" + bucket.toUpperCase(Locale.ROOT), bucket);
        }
        Properties keys = keys();
        for (String identity : identities) {
            String prefix = "SAFELIGHT_S3_KEYS_" + identity.toUpperCase(Locale.ROOT);
            settings.put(prefix + "_ACCESSKEY", keys.getProperty(identity + ".access"));
            settings.put(prefix + "_SECRETKEY", keys.getProperty(identity + ".secret"));
        }
        settings.putAll(more);
        return settings;
    }

    private Properties keys() {
        Properties keys = new Properties();
        try (Reader in = Files.newBufferedReader(host.data().resolve("store").resolve("keys.properties"))) {
            keys.load(in);
            return keys;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public JdbcClient sql() {
        return host.database().sql(DATABASE);
    }

    @Override
    public void close() {
        members.forEach(SafelightProcess::close);
        host.close();
    }
}
