package dev.safelight.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `safelight asset versions ID`.
@Command(name = "versions", description = "Lists the versions of an asset, newest first; * marks the current one.")
final class VersionsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "The id of the asset.")
    String id = "";

    @Mixin
    PageOptions page = new PageOptions();

    @Mixin
    Output output = new Output();

    @Mixin
    ClientOptions client = new ClientOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (ApiClient api = client.connect()) {
            return output.printPage(page(api, id, page.given()), "versions", AssetText::versionLine);
        }
    }

    static JsonNode page(ApiClient api, String id, Given which) throws IOException, InterruptedException {
        return api.get("/v1/assets/" + ApiClient.encode(id) + "/versions" + which.query());
    }
}
