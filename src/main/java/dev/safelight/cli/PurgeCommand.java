package dev.safelight.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `safelight purge`: has caches forget, and shows how far that is.
@Command(
        name = "purge",
        description = "Purges the caches of all nodes, and those in front of them.",
        subcommands = {PurgeCommand.Show.class, PurgeCommand.Watch.class, PurgeCommand.Retry.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:It was taken in, or with --wait: all was purged.",
            "1:With --wait: an edge refused it, or --timeout came first.",
            "130:Stopped by Ctrl-C; the server goes on."
        })
final class PurgeCommand implements Callable<Integer> {
    /// What is to be purged; by one of them.
    static final class Chosen {
        @Option(names = "--asset", paramLabel = "ID", description = "All that shows an asset. Can be given again.")
        List<String> assets = new ArrayList<>();

        @Option(names = "--sku", paramLabel = "SKU", description = "All of an article. Can be given again.")
        List<String> skus = new ArrayList<>();

        @Option(
                names = "--tag",
                paramLabel = "TAG",
                description = "All that bears a cache tag, such as space-product. Can be given again.")
        List<String> tags = new ArrayList<>();

        @Option(
                names = "--path",
                paramLabel = "PATH",
                description = "One path with its query, as it is requested. Can be given again.")
        List<String> paths = new ArrayList<>();

        @Option(
                names = "--prefix",
                paramLabel = "PATH",
                description = "All paths that begin so, such as /images/. Can be given again.")
        List<String> prefixes = new ArrayList<>();

        @Option(names = "--everything", description = "All there is in all caches.")
        boolean everything;

        /// As the API has it.
        Map<String, Object> order() {
            Map<String, Object> order = new LinkedHashMap<>();
            put(order, "asset", assets);
            put(order, "sku", skus);
            put(order, "tag", tags);
            put(order, "path", paths);
            put(order, "prefix", prefixes);
            if (everything) {
                order.put("by", "everything");
            }
            return order;
        }

        private static void put(Map<String, Object> order, String by, List<String> values) {
            if (!values.isEmpty()) {
                order.put("by", by);
                order.put("values", values);
            }
        }

        boolean isOne() {
            long given = List.of(assets, skus, tags, paths, prefixes).stream()
                    .filter(values -> !values.isEmpty())
                    .count();
            return given + (everything ? 1 : 0) == 1;
        }
    }

    @ArgGroup(exclusive = false)
    @Nullable
    Chosen chosen;

    @Option(names = "--wait", description = "Waits until all is purged, and shows how far it is.")
    boolean wait;

    @Mixin
    PurgeWatch watch = new PurgeWatch();

    @Mixin
    ClientOptions client = new ClientOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (chosen == null || !chosen.isOne()) {
            throw new CliException(
                    ExitCode.USAGE,
                    "name what to purge by one of --asset, --sku, --tag, --path, --prefix and --everything.");
        }
        watch.requireUsage();
        try (ApiClient api = client.connect()) {
            // To purge twice is to purge, so that it may be sent again.
            JsonNode purge = api.post("/v1/purges", chosen.order());
            if (wait) {
                return watch.run(api, purge);
            }
            watch.print(purge);
            return ExitCode.OK;
        }
    }

    /// `safelight purge show ID`.
    @Command(name = "show", description = "Shows which nodes have purged, and how it stands with each edge.")
    static final class Show extends One {
        @Override
        JsonNode ask(ApiClient api, String path) throws IOException, InterruptedException {
            return api.get(path);
        }
    }

    /// `safelight purge retry ID`.
    @Command(name = "retry", description = "Has the edges told once more, and now, that refused or wait for another attempt.")
    static final class Retry extends One {
        @Override
        JsonNode ask(ApiClient api, String path) throws IOException, InterruptedException {
            return api.postOnce(path + "/retry", Map.of());
        }
    }

    /// `safelight purge watch ID`.
    @Command(
            name = "watch",
            description = "Waits until a purge is over; Ctrl-C ends only the waiting.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:All was purged.",
                "1:An edge refused it, or --timeout came first.",
                "130:Stopped by Ctrl-C; the server goes on."
            })
    static final class Watch implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "The id of the purge.")
        String id = "";

        @Mixin
        PurgeWatch watch = new PurgeWatch();

        @Mixin
        ClientOptions client = new ClientOptions();

        @Override
        public Integer call() throws IOException, InterruptedException {
            watch.requireUsage();
            try (ApiClient api = client.connect()) {
                return watch.run(api, api.get(PurgeWatch.path(id)));
            }
        }
    }

    /// A command that asks for something of one purge and shows it afterwards.
    abstract static class One implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "The id of the purge.")
        String id = "";

        @Option(names = "--json", description = "Prints the purge as the API gives it.")
        boolean json;

        @Mixin
        ClientOptions client = new ClientOptions();

        @Spec
        @SuppressWarnings("NullAway.Init")
        CommandSpec spec;

        abstract JsonNode ask(ApiClient api, String path) throws IOException, InterruptedException;

        @Override
        public Integer call() throws IOException, InterruptedException {
            try (ApiClient api = client.connect()) {
                JsonNode purge = ask(api, PurgeWatch.path(id));
                spec.commandLine()
                        .getOut()
                        .println(json ? Json.MAPPER.writeValueAsString(purge) : PurgeText.details(purge));
            }
            return ExitCode.OK;
        }
    }
}
