package dev.safelight.cli;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `safelight asset rollback ID`.
@Command(
        name = "rollback",
        description = "Has an older version of an asset delivered again, until the next upload to it.")
final class RollbackCommand implements Callable<Integer> {
    private static final int PAGE = 200;

    @Parameters(paramLabel = "ID", description = "The id of the asset.")
    String id = "";

    @Option(
            names = "--version",
            paramLabel = "N",
            description = "The version to deliver; a newer one goes forward again. "
                    + "Default: the one before the current one that is READY and approved")
    @Nullable
    Integer version;

    @Mixin
    Output output = new Output();

    @Mixin
    ClientOptions client = new ClientOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (version != null && version < 1) {
            throw new CliException(ExitCode.USAGE, "--version must be at least 1, not " + version + ".");
        }
        try (ApiClient api = client.connect()) {
            int chosen = version == null ? previous(api) : version;
            JsonNode asset = api.put("/v1/assets/" + ApiClient.encode(id) + "/current", Map.of("version", chosen));
            return output.print(
                    asset,
                    "%s delivers version %d of %d."
                            .formatted(
                                    id,
                                    asset.path("version").asInt(),
                                    asset.path("versions").asInt()));
        }
    }

    private int previous(ApiClient api) throws IOException, InterruptedException {
        String cursor = null;
        boolean passedCurrent = false;
        do {
            JsonNode page = VersionsCommand.page(
                    api, id, new Given().with("limit", PAGE).with("cursor", cursor));
            for (JsonNode one : page.path("versions")) {
                if (passedCurrent && isDeliverable(one)) {
                    return one.path("version").asInt();
                }
                passedCurrent |= one.path("current").asBoolean();
            }
            cursor = Json.textOrNull(page, "nextCursor");
        } while (cursor != null);
        throw new CliException(
                ExitCode.NOT_AS_IT_SHOULD,
                "%s has no version before the current one that is READY and approved.".formatted(id));
    }

    private static boolean isDeliverable(JsonNode one) {
        return one.path("status").asString().equals("READY")
                && one.path("moderation").asString().equals("approved");
    }
}
