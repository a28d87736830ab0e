package dev.safelight.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
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

        @Mixin
        Output output = new Output();

        @Mixin
        ClientOptions client = new ClientOptions();

        @Override
        public Integer call() throws IOException, InterruptedException {
            try (ApiClient api = client.connect()) {
                JsonNode asset = api.get("/v1/assets/" + ApiClient.encode(id));
                return output.print(asset, AssetText.details(asset));
            }
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

        @Mixin
        PageOptions page = new PageOptions();

        @Mixin
        Output output = new Output();

        @Mixin
        ClientOptions client = new ClientOptions();

        @Override
        public Integer call() throws IOException, InterruptedException {
            Given wanted = page.given()
                    .with("space", space)
                    .with("status", status)
                    .with("account", account)
                    .with("deleted", deleted ? "true" : null);
            try (ApiClient api = client.connect()) {
                return output.printPage(api.get("/v1/assets" + wanted.query()), "assets", AssetText::line);
            }
        }
    }
}
