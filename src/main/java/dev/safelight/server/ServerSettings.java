package dev.safelight.server;

import dev.safelight.role.Roles;
import dev.safelight.store.encryption.EncryptionKeys;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The settings of a process, under `safelight`.
///
/// @param data the folder of everything embedded, and of the admin key
/// @param newAdminKey whether this start adds an admin key although there is one, for when it was lost
/// @param roles what this process does: some of api, worker, delivery
/// @param examples whether it serves the example pages, below `/examples/`
/// @param embedded how the embedded object store listens
@ConfigurationProperties("safelight")
record ServerSettings(
        @DefaultValue("data") Path data,
        @DefaultValue("false") boolean newAdminKey,
        @DefaultValue({"api", "worker", "delivery"}) List<String> roles,
        @DefaultValue("false") boolean examples,
        @DefaultValue Embedded embedded) {

    ServerSettings {
        roles = List.copyOf(roles);
        Roles.parse(roles);
    }

    /// @param host the address the embedded object store listens on
    /// @param s3Port its port; 0 takes a free one
    /// @param s3PublicUrl under which clients reach it, when not the address it listens on
    /// @param encryption whether it encrypts what it writes
    record Embedded(
            @DefaultValue("127.0.0.1") String host,
            @DefaultValue("0") int s3Port,
            @Nullable String s3PublicUrl,
            @DefaultValue Encryption encryption) {}

    /// How the embedded object store encrypts objects; without keys it does not. Both kinds of lists name each key as
    /// `id:key`, an id and 32 bytes in Base64 or hexadecimal.
    ///
    /// @param keyFile a file of keys, one a line, that only its owner can read
    /// @param keys the keys themselves, separated by commas; for the environment, where there is no such file
    /// @param writeWith the id of the key that writes, when it is not the first; `none` for a store that is to be
    ///     plain again
    record Encryption(
            @Nullable Path keyFile,
            @Nullable String keys,
            @Nullable String writeWith) {
        private static final String PREFIX = "safelight.embedded.encryption.";

        EncryptionKeys read() {
            return EncryptionKeys.read(PREFIX, keyFile, keys, writeWith);
        }

        /// Whoever set it relies on it.
        void requireNone() {
            if (keyFile != null || keys != null || writeWith != null) {
                throw new IllegalArgumentException(PREFIX + "key-file is for the embedded store, which"
                        + " safelight.s3.endpoint replaces; see safelight.s3.encryption.kind.");
            }
        }

        @Override
        public String toString() {
            return "Encryption[" + keyFile + ", writing with " + writeWith + "]";
        }
    }
}
