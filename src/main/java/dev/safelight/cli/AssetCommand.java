package dev.safelight.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `safelight asset`: looks into the catalogue, has assets made again, and goes back to older versions.
@Command(
        name = "asset",
        description =
                "Shows assets and their versions, has them processed again, goes back to older versions, deletes and restores.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            AssetCommand.Get.class,
            AssetCommand.ListAll.class,
            VersionsCommand.class,
            RollbackCommand.class,
            DeleteCommand.class,
            RestoreAssetCommand.class,
            ReprocessCommand.class
        })
final class AssetCommand {

    /// `safelight asset get ID`.
    @Command(name = "get", description = "Shows one asset with its variants.")
    static final class Get implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "The id of the asset.")
        String id = "";

        @Option(names = "--json", description = "Prints the asset as the API gives it.")
        boolean json;

        @Mixin
        ClientOptions client = new ClientOptions();

        @Spec
        @SuppressWarnings("NullAway.Init")
        CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException {
            try (ApiClient api = client.connect()) {
                JsonNode asset = api.get("/v1/assets/" + ApiClient.encode(id));
                spec.commandLine()
                        .getOut()
                        .println(json ? Json.MAPPER.writeValueAsString(asset) : AssetText.details(asset));
            }
            return ExitCode.OK;
        }
    }

    /// `safelight asset list`.
    @Command(name = "list", description = "Lists assets, newest first.")
    static final class ListAll implements Callable<Integer> {
        @Option(names = "--space", description = "Only product, user or marketing.")
        @Nullable
        String space;

        @Option(names = "--status", description = "Only PENDING, PROCESSING, READY, REJECTED or FAILED.")
        @Nullable
        String status;

        @Option(names = "--account", paramLabel = "ID", description = "Only those of an end user of the application.")
        @Nullable
        String account;

        @Option(names = "--deleted", description = "Deleted ones instead of the others.")
        boolean deleted;

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "50",
                description = "At most so many, 1 to 200. Default: ${DEFAULT-VALUE}")
        int limit = 50;

        @Option(names = "--cursor", paramLabel = "TEXT", description = "Goes on where a list ended.")
        @Nullable
        String cursor;

        @Option(names = "--json", description = "Prints the list as the API gives it.")
        boolean json;

        @Mixin
        ClientOptions client = new ClientOptions();

        @Spec
        @SuppressWarnings("NullAway.Init")
        CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException {
            String query = Stream.of(
                            parameter("space", space),
                            parameter("status", status),
                            parameter("account", account),
                            parameter("deleted", deleted ? "true" : null),
                            parameter("limit", String.valueOf(limit)),
                            parameter("cursor", cursor))
                    .filter(text -> !text.isEmpty())
                    .collect(Collectors.joining("&"));
            try (ApiClient api = client.connect()) {
                JsonNode page = api.get("/v1/assets?" + query);
                var out = spec.commandLine().getOut();
                if (json) {
                    out.println(Json.MAPPER.writeValueAsString(page));
                    return ExitCode.OK;
                }
                page.path("assets").forEach(asset -> out.println(AssetText.line(asset)));
                String next = Json.textOrNull(page, "nextCursor");
                if (next != null) {
                    spec.commandLine().getErr().println("More with: --cursor " + next);
                }
            }
            return ExitCode.OK;
        }

        private static String parameter(String name, @Nullable String value) {
            return value == null ? "" : name + "=" + ApiClient.encode(value);
        }
    }
}
