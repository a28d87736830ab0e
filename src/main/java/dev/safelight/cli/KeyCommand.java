package dev.safelight.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
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

        @Option(names = "--json", description = "Prints the key as the API gives it.")
        boolean json;

        @Mixin
        ClientOptions client = new ClientOptions();

        @Spec
        @SuppressWarnings("NullAway.Init")
        CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException {
            try (ApiClient api = client.connect()) {
                Map<String, Object> order = new LinkedHashMap<>(Map.of("name", name, "roles", roles));
                Map<String, Object> wanted = limits.fields();
                if (!wanted.isEmpty()) {
                    order.put("limits", wanted);
                }
                JsonNode key = api.postOnce("/v1/keys", order);
                spec.commandLine()
                        .getOut()
                        .println(
                                json
                                        ? Json.MAPPER.writeValueAsString(key)
                                        : key.path("token").asString());
            }
            return ExitCode.OK;
        }
    }

    /// `safelight key list`.
    @Command(name = "list", description = "Lists all keys, without their secrets.")
    static final class ListAll implements Callable<Integer> {
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
                JsonNode list = api.get("/v1/keys");
                var out = spec.commandLine().getOut();
                if (json) {
                    out.println(Json.MAPPER.writeValueAsString(list));
                } else {
                    list.path("keys").forEach(key -> out.println(line(key)));
                }
            }
            return ExitCode.OK;
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

        @Option(names = "--json", description = "Prints {\"revoked\":ID}.")
        boolean json;

        @Spec
        @SuppressWarnings("NullAway.Init")
        CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException {
            try (ApiClient api = client.connect()) {
                api.delete("/v1/keys/" + ApiClient.encode(id));
            }
            spec.commandLine()
                    .getOut()
                    .println(json ? Json.MAPPER.writeValueAsString(Map.of("revoked", id)) : "Revoked " + id);
            return ExitCode.OK;
        }
    }
}
