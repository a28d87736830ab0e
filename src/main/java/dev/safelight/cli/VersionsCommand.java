package dev.safelight.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `safelight asset versions ID`.
@Command(name = "versions", description = "Lists the versions of an asset, newest first; * marks the current one.")
final class VersionsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "The id of the asset.")
    String id = "";

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
        try (ApiClient api = client.connect()) {
            JsonNode page = page(api, id, limit, cursor);
            var out = spec.commandLine().getOut();
            if (json) {
                out.println(Json.MAPPER.writeValueAsString(page));
                return ExitCode.OK;
            }
            page.path("versions").forEach(version -> out.println(AssetText.versionLine(version)));
            String next = Json.textOrNull(page, "nextCursor");
            if (next != null) {
                spec.commandLine().getErr().println("More with: --cursor " + next);
            }
        }
        return ExitCode.OK;
    }

    static JsonNode page(ApiClient api, String id, int limit, @Nullable String cursor)
            throws IOException, InterruptedException {
        String query = "limit=" + limit + (cursor == null ? "" : "&cursor=" + ApiClient.encode(cursor));
        return api.get("/v1/assets/" + ApiClient.encode(id) + "/versions?" + query);
    }
}
