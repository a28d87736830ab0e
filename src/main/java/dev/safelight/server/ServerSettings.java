package dev.safelight.server;

import dev.safelight.role.Roles;
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
    record Embedded(
            @DefaultValue("127.0.0.1") String host,
            @DefaultValue("0") int s3Port,
            @Nullable String s3PublicUrl) {}
}
