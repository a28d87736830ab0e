package dev.safelight.cli;

import static dev.safelight.cli.WatchedPurge.PURGE;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `safelight purge`: has caches forget, and shows how far that is.
@Command(
        name = "purge",
        description = "Purges the caches of all nodes, and those in front of them.",
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

        /// What was named, by what it is chosen by.
        private Map<String, Object> named() {
            return new Given()
                    .with("asset", assets)
                    .with("sku", skus)
                    .with("tag", tags)
                    .with("path", paths)
                    .with("prefix", prefixes)
                    .body();
        }

        boolean isOne() {
            return named().size() + (everything ? 1 : 0) == 1;
        }

        /// As the API has it.
        Map<String, Object> order() {
            if (everything) {
                return Map.of("by", "everything");
            }
            String by = named().keySet().iterator().next();
            return Map.of("by", by, "values", named().get(by));
        }
    }

    @ArgGroup(exclusive = false)
    @Nullable
    Chosen chosen;

    @Option(names = "--wait", description = "Waits until all is purged, and shows how far it is.")
    boolean wait;

    @Mixin
    Watch watch = new Watch();

    @Mixin
    Output output = new Output();

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
            return wait ? watch.run(PURGE, api, purge, output) : output.print(purge, PURGE.details(purge));
        }
    }

    @Command(name = "show", description = "Shows which nodes have purged, and how it stands with each edge.")
    int show(@Mixin OneWatched one) throws IOException, InterruptedException {
        return one.show(PURGE, ApiClient::get);
    }

    @Command(
            name = "retry",
            description = "Has the edges told once more, and now, that refused or wait for another attempt.")
    int retry(@Mixin OneWatched one) throws IOException, InterruptedException {
        return one.show(PURGE, (api, path) -> api.postOnce(path + "/retry", Map.of()));
    }

    @Command(
            name = "watch",
            description = "Waits until a purge is over; Ctrl-C ends only the waiting.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:All was purged.",
                "1:An edge refused it, or --timeout came first.",
                "130:Stopped by Ctrl-C; the server goes on."
            })
    int watch(@Mixin OneWatched one, @Mixin Watch watch) throws IOException, InterruptedException {
        return one.watch(PURGE, watch);
    }
}
