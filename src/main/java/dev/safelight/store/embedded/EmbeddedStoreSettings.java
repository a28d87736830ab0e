package dev.safelight.store.embedded;

import dev.safelight.store.encryption.EncryptionKeys;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How to run the embedded store.
///
/// @param folder for objects and keys, of this store alone
/// @param port 0 for any free one
/// @param publicUrl under which clients reach the store; null for the address it listens on
/// @param origins of the web pages that may upload, such as `https://media.example.org`
/// @param idle how long a client may be silent in the middle of a request
/// @param concurrentForms how many form POSTs may run at a time
/// @param encryption the keys that objects are encrypted with, if any
public record EmbeddedStoreSettings(
        Path folder,
        String host,
        int port,
        @Nullable URI publicUrl,
        Set<String> origins,
        Duration idle,
        int concurrentForms,
        EncryptionKeys encryption) {

    public EmbeddedStoreSettings {
        origins = Set.copyOf(origins);
    }

    public static EmbeddedStoreSettings in(Path folder) {
        return new EmbeddedStoreSettings(
                folder, "127.0.0.1", 0, null, Set.of(), Duration.ofSeconds(30), 64, EncryptionKeys.none());
    }

    public EmbeddedStoreSettings at(String newHost, int newPort) {
        return new EmbeddedStoreSettings(
                folder, newHost, newPort, publicUrl, origins, idle, concurrentForms, encryption);
    }

    public EmbeddedStoreSettings withPublicUrl(URI url) {
        return new EmbeddedStoreSettings(folder, host, port, url, origins, idle, concurrentForms, encryption);
    }

    public EmbeddedStoreSettings withOrigins(Set<String> newOrigins) {
        return new EmbeddedStoreSettings(folder, host, port, publicUrl, newOrigins, idle, concurrentForms, encryption);
    }

    public EmbeddedStoreSettings withLimits(Duration newIdle, int newConcurrentForms) {
        return new EmbeddedStoreSettings(
                folder, host, port, publicUrl, origins, newIdle, newConcurrentForms, encryption);
    }

    public EmbeddedStoreSettings withEncryption(EncryptionKeys keys) {
        return new EmbeddedStoreSettings(folder, host, port, publicUrl, origins, idle, concurrentForms, keys);
    }
}
