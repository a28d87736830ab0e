package dev.safelight.server;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The settings of a process, under `safelight`.
///
/// @param data the folder of everything embedded, and of the admin key
/// @param newAdminKey whether this start adds an admin key although there is one, for when it was lost
/// @param roles what this process does
/// @param examples whether it serves the example pages, below `/examples/`
/// @param embedded how the embedded object store listens
@ConfigurationProperties("safelight")
record ServerSettings(
        @DefaultValue("data") Path data,
        @DefaultValue("false") boolean newAdminKey,
        @DefaultValue Roles roles,
        @DefaultValue("false") boolean examples,
        @DefaultValue Embedded embedded) {

    /// @param api whether it serves `/v1`
    /// @param delivery whether it serves `/media`
    record Roles(
            @DefaultValue("true") boolean api,
            @DefaultValue("true") boolean delivery) {}

    /// @param host the address the embedded object store listens on
    /// @param s3Port its port; 0 takes a free one
    /// @param s3PublicUrl under which clients reach it, when not the address it listens on
    record Embedded(
            @DefaultValue("127.0.0.1") String host,
            @DefaultValue("0") int s3Port,
            @Nullable String s3PublicUrl) {}
}
