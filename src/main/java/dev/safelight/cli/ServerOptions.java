package dev.safelight.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a server is started; shared by the commands that start one.
final class ServerOptions {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "Folder of the database, the objects and the admin key. Default: ${DEFAULT-VALUE}")
    Path data = Path.of("data");

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "Port of the API and of the delivery; 0 takes a free one. Default: ${DEFAULT-VALUE}")
    int port = 8080;

    @Option(
            names = "--s3-port",
            paramLabel = "N",
            description = "Port of the embedded object store. Default: the one after --port, or a free one")
    @Nullable
    Integer s3Port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to listen on; 0.0.0.0 for all. Default: ${DEFAULT-VALUE}")
    String host = "127.0.0.1";

    @Option(
            names = "--public-url",
            paramLabel = "URL",
            description = "What clients put before /v1 and /media, if not http://localhost:PORT")
    @Nullable
    String publicUrl;

    @Option(
            names = "--s3-public-url",
            paramLabel = "URL",
            description = "Where clients reach the embedded object store, if not the host of --public-url at --s3-port")
    @Nullable
    String s3PublicUrl;

    @Option(
            names = "--roles",
            paramLabel = "ROLE",
            split = ",",
            description =
                    "What this process does, some of ${COMPLETION-CANDIDATES}. Default: safelight.roles, else all")
    @Nullable
    List<ServerRole> roles;

    /// A part of the work of a server.
    enum ServerRole {
        api,
        worker,
        delivery
    }
}
