package dev.safelight.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `safelight session`: what web pages upload with.
@Command(
        name = "session",
        description = "Opens and ends upload sessions, with which web pages upload.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {SessionCommand.Create.class, SessionCommand.Revoke.class})
final class SessionCommand {

    /// `safelight session create --space …`.
    @Command(name = "create", description = "Opens a session and prints its address; it cannot be shown again.")
    static final class Create implements Callable<Integer> {
        @Option(
                names = "--space",
                defaultValue = "product",
                description = "product, user or marketing. Default: ${DEFAULT-VALUE}")
        String space = "product";

        @Option(
                names = "--types",
                paramLabel = "TYPE",
                split = ",",
                description = "Content types it may bring, such as image/jpeg. Default: those of the space")
        List<String> types = List.of();

        @Option(
                names = "--max-bytes",
                paramLabel = "SIZE",
                converter = KeyLimitOptions.Bytes.class,
                description = "The largest file it may bring, as in 500KB or 10MB; 1KB are 1024 bytes.")
        @Nullable
        Long maxBytes;

        @Option(names = "--max-uploads", paramLabel = "COUNT", description = "How many files it may bring.")
        @Nullable
        Integer maxUploads;

        @Option(
                names = "--metadata",
                paramLabel = "NAME=VALUE",
                description = "Kept with each picture; may be given several times.")
        Map<String, String> metadata = Map.of();

        @Option(
                names = "--account",
                paramLabel = "ID",
                description = "The application's own id of the end user whose uploads these are.")
        @Nullable
        String account;

        @Option(
                names = "--lifetime",
                paramLabel = "TIME",
                converter = KeyLimitOptions.Seconds.class,
                description = "How long it can be used, 60s to 24h. Default: 1h")
        @Nullable
        Long lifetime;

        @Option(names = "--page", description = "Prints the address of the example page with the session instead.")
        boolean page;

        @Mixin
        Output output = new Output();

        @Mixin
        ClientOptions client = new ClientOptions();

        @Override
        public Integer call() throws IOException, InterruptedException {
            Given request = new Given()
                    .with("space", space)
                    .with("types", types)
                    .with("maxBytes", maxBytes)
                    .with("maxUploads", maxUploads)
                    .with("metadata", metadata)
                    .with("lifetime", lifetime)
                    .with("account", account);
            try (ApiClient api = client.connect()) {
                JsonNode session = api.postOnce("/v1/upload-sessions", request.body());
                String url = session.path("url").asString();
                return output.print(session, page ? pageFor(url) : url);
            }
        }
    }

    /// `safelight session revoke ID`.
    @Command(name = "revoke", description = "Ends a session for good; what was begun with it stays.")
    static final class Revoke implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "The sessionId that create --json printed.")
        String id = "";

        @Mixin
        Output output = new Output();

        @Mixin
        ClientOptions client = new ClientOptions();

        @Override
        public Integer call() throws IOException, InterruptedException {
            try (ApiClient api = client.connect()) {
                api.delete("/v1/upload-sessions/" + ApiClient.encode(id));
            }
            return output.print(Map.of("revoked", id), "Revoked " + id);
        }
    }

    /// Opens a session for a page to try.
    static String create(ApiClient api, Duration lifetime) throws IOException, InterruptedException {
        return api.postOnce("/v1/upload-sessions", Map.of("space", "product", "lifetime", lifetime.toSeconds()))
                .path("url")
                .asString();
    }

    /// The example page with a session, in the part of its address that no browser sends to anybody.
    static String pageFor(String sessionUrl) {
        return sessionUrl.substring(0, sessionUrl.lastIndexOf("/v1/uppy/")) + "/examples/uppy/#session=" + sessionUrl;
    }
}
