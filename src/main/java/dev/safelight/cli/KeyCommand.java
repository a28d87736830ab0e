package dev.safelight.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `safelight key`: who may use the API.
@Command(
        name = "key",
        description = "Creates, lists and revokes API keys.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {KeyCommand.Create.class, KeyCommand.ListAll.class, KeyCommand.Revoke.class})
final class KeyCommand {

    /// `safelight key create NAME --role …`.
    @Command(name = "create", description = "Creates a key and prints it; it cannot be shown again.")
    static final class Create implements Callable<Integer> {
        @Parameters(paramLabel = "NAME", description = "What the key is for, 1 to 100 characters.")
        String name = "";

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                split = ",",
                required = true,
                description = "uploader, editor, marketing, moderator, viewer or admin; several with commas.")
        List<String> roles = List.of();

        @ArgGroup(validate = false, heading = "What it may upload, where that is less than its spaces allow:%n")
        KeyLimitOptions limits = new KeyLimitOptions();

        @Mixin
        Output output = new Output();

        @Mixin
        ClientOptions client = new ClientOptions();

        @Override
        public Integer call() throws IOException, InterruptedException {
            try (ApiClient api = client.connect()) {
                Given order =
                        new Given().with("name", name).with("roles", roles).with("limits", limits.fields());
                JsonNode key = api.postOnce("/v1/keys", order.body());
                return output.print(key, key.path("token").asString());
            }
        }
    }

    /// `safelight key list`.
    @Command(name = "list", description = "Lists all keys, without their secrets.")
    static final class ListAll implements Callable<Integer> {
        @Mixin
        Output output = new Output();

        @Mixin
        ClientOptions client = new ClientOptions();

        @Override
        public Integer call() throws IOException, InterruptedException {
            try (ApiClient api = client.connect()) {
                return output.printPage(api.get("/v1/keys"), "keys", ListAll::line);
            }
        }

        private static String line(JsonNode key) {
            String roles =
                    key.path("roles").valueStream().map(JsonNode::asString).collect(Collectors.joining(","));
            String state = Json.textOrNull(key, "revokedAt") == null ? "active" : "revoked";
            String limits = KeyLimitOptions.text(key.path("limits"));
            return "%s  %-7s  %s  %s%s"
                    .formatted(
                            key.path("id").asString(),
                            state,
                            key.path("name").asString(),
                            roles,
                            limits.isEmpty() ? "" : "  " + limits);
        }
    }

    /// `safelight key revoke ID`.
    @Command(name = "revoke", description = "Ends a key for good.")
    static final class Revoke implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "The id of the key.")
        String id = "";

        @Mixin
        ClientOptions client = new ClientOptions();

        @Mixin
        Output output = new Output();

        @Override
        public Integer call() throws IOException, InterruptedException {
            try (ApiClient api = client.connect()) {
                api.delete("/v1/keys/" + ApiClient.encode(id));
            }
            return output.print(Map.of("revoked", id), "Revoked " + id);
        }
    }
}
