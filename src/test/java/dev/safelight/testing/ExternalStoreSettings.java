package dev.safelight.testing;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/// What leads a server to the embedded store of another one, as to any S3 service.
public final class ExternalStoreSettings {
    private ExternalStoreSettings() {}

    /// Variables for a server that reaches the store of `owner` at an address, perhaps through a network that fails;
    /// its sweeps
    /// and parts are as small as tests need them.
    public static Map<String, String> of(SafelightProcess owner, URI endpoint) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "SAFELIGHT_S3_ENDPOINT", endpoint.toString(),
                "SAFELIGHT_UPLOAD_PARTSIZE", "5MB",
                "SAFELIGHT_UPLOAD_RECONCILEAFTER", "1s",
                "SAFELIGHT_UPLOAD_RECONCILEPAUSE", "1s"));
        for (String bucket : List.of("raw", "processed", "user", "marketing")) {
            settings.put("SAFELIGHT_S3_BUCKETS_" + bucket.toUpperCase(Locale.ROOT), bucket);
        }
        Properties keys = keys(owner);
        for (String role : List.of("uploader", "worker", "delivery", "marketing")) {
            String access = keys.getProperty(role + ".access");
            if (access != null) {
                String prefix = "SAFELIGHT_S3_KEYS_" + role.toUpperCase(Locale.ROOT);
                settings.put(prefix + "_ACCESSKEY", access);
                settings.put(prefix + "_SECRETKEY", keys.getProperty(role + ".secret"));
            }
        }
        return settings;
    }

    private static Properties keys(SafelightProcess owner) {
        Properties keys = new Properties();
        try (Reader in = Files.newBufferedReader(owner.data().resolve("store").resolve("keys.properties"))) {
            keys.load(in);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return keys;
    }
}
