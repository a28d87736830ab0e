package dev.safelight.front;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// A port for HTTPS with HTTP/2, under `safelight.tls`; without a certificate there is none.
///
/// @param port 0 to 65535; 0 takes a free one
/// @param publicPort under which clients reach it, when that is another one
/// @param certificate a file with the certificate of the server and those between it and its root, as PEM
/// @param key a file with its private key as PEM, not encrypted
/// @param reload how often the files are looked at, 1 s to 1 day: new ones are taken while the server runs
/// @param provider what encrypts: `conscrypt`, `jdk`, or `auto` for the first that works here
@ConfigurationProperties("safelight.tls")
record TlsSettings(
        @DefaultValue("8443") int port,
        @Nullable Integer publicPort,
        @Nullable Path certificate,
        @Nullable Path key,
        @DefaultValue("1m") Duration reload,
        @DefaultValue("auto") Provider provider) {
    private static final int MOST = 65_535;

    /// What encrypts.
    enum Provider {
        AUTO,
        CONSCRYPT,
        JDK
    }

    TlsSettings {
        if (port < 0 || port > MOST) {
            throw new IllegalArgumentException("safelight.tls.port must be 0 to 65535, not " + port);
        }
        if (publicPort != null && (publicPort < 1 || publicPort > MOST)) {
            throw new IllegalArgumentException("safelight.tls.public-port must be 1 to 65535, not " + publicPort);
        }
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException(
                    "safelight.tls.certificate and safelight.tls.key belong together; only one of them is set");
        }
        requireFile("certificate", certificate);
        requireFile("key", key);
        if (reload.compareTo(Duration.ofSeconds(1)) < 0 || reload.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("safelight.tls.reload must be 1s to 1d, not " + reload);
        }
    }

    private static void requireFile(String name, @Nullable Path file) {
        if (file != null && !Files.isReadable(file)) {
            throw new IllegalArgumentException("safelight.tls.%s: cannot read %s".formatted(name, file));
        }
    }

    boolean isOn() {
        return certificate != null;
    }
}
