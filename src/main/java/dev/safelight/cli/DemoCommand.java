package dev.safelight.cli;

import dev.safelight.cli.bulk.BulkUpload;
import dev.safelight.cli.bulk.FileFilter;
import dev.safelight.cli.bulk.Naming;
import dev.safelight.cli.bulk.Outcome;
import dev.safelight.cli.bulk.Source;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// `safelight demo`: from files to ready-to-paste snippets in one command.
@Command(
        name = "demo",
        description =
                "Starts a server, uploads the files through its public API, and prints what to paste into a page.")
final class DemoCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", arity = "0..*", description = "Pictures to upload. Default: two drawn ones")
    List<Path> files = new ArrayList<>();

    @Option(names = "--once", description = "Ends when all files are processed instead of serving on.")
    boolean once;

    @Option(names = "--json", description = "Prints one JSON document instead of text.")
    boolean json;

    @Mixin
    ServerOptions options = new ServerOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        UploadSources.requireThere(names(files));
        List<Path> pictures = files.isEmpty() ? drawn() : files;
        try (RunningServer server = RunningServer.start(options, Map.of("safelight.examples", true))) {
            server.closeAtExit();
            String key = server.folder().readKey().orElseThrow();
            List<Asset> assets;
            try (ApiClient api = new ApiClient(URI.create(server.url()), key)) {
                List<Outcome> outcomes = upload(pictures, api);
                assets = new ArrayList<>();
                for (Outcome outcome : outcomes) {
                    assets.add(describe(outcome, api));
                }
            }
            boolean allReady = assets.stream().allMatch(asset -> asset.status().equals("READY"));
            print(assets, server.url(), once ? null : examplePage(server, key));
            if (!once) {
                new CountDownLatch(1).await();
            }
            return allReady ? ExitCode.OK : ExitCode.NOT_AS_IT_SHOULD;
        }
    }

    private List<Outcome> upload(List<Path> pictures, ApiClient api) throws IOException, InterruptedException {
        Source source = UploadSources.named(names(pictures), FileFilter.ALL);
        List<Outcome> outcomes = new ArrayList<>();
        BulkUpload.Settings settings =
                new BulkUpload.Settings("product", 4, Backoff.STANDARD, Duration.ofMinutes(5), true, Naming.NONE);
        UploadOutput.Running running = UploadOutput.collect(source, Terminal.showsProgress() && !json, outcomes);
        BulkUpload upload = new BulkUpload(api, settings, null, running);
        try {
            upload.run(source);
        } finally {
            running.end(upload.tally());
        }
        return outcomes;
    }

    private static List<String> names(List<Path> files) {
        return files.stream().map(Path::toString).toList();
    }

    private static String examplePage(RunningServer server, String key) throws IOException, InterruptedException {
        try (ApiClient api = new ApiClient(URI.create(server.url()), key)) {
            return SessionCommand.pageFor(SessionCommand.create(api, Duration.ofHours(24)));
        }
    }

    private List<Path> drawn() throws IOException {
        Path folder = options.data.resolve("demo");
        Files.createDirectories(folder);
        return DemoPictures.drawTo(folder);
    }

    private static Asset describe(Outcome outcome, ApiClient api) throws IOException, InterruptedException {
        if (!outcome.isReady() || outcome.assetId() == null) {
            return new Asset(
                    outcome.file(),
                    outcome.assetId(),
                    outcome.status(),
                    outcome.reason(),
                    outcome.detail(),
                    outcome.originalBytes(),
                    Json.MAPPER.createArrayNode(),
                    null);
        }
        JsonNode asset = api.get("/v1/assets/" + outcome.assetId());
        JsonNode snippet = api.get("/v1/assets/" + outcome.assetId() + "/srcset");
        return new Asset(
                outcome.file(),
                outcome.assetId(),
                outcome.status(),
                null,
                null,
                outcome.originalBytes(),
                (ArrayNode) asset.path("variants"),
                snippet.path("html").asString());
    }

    private void print(List<Asset> assets, String url, @Nullable String page) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.MAPPER.writeValueAsString(Map.of("assets", assets)));
            out.flush();
            return;
        }
        for (Asset asset : assets) {
            out.printf("%n%s  %s  %s%n", asset.file(), asset.status(), asset.assetId() == null ? "" : asset.assetId());
            if (asset.reason() != null) {
                out.printf("  %s: %s%n", asset.reason(), asset.detail());
            }
            asset.variants().forEach(variant -> out.println(AssetText.variantLine(variant, asset.originalBytes())));
            if (asset.html() != null) {
                out.printf("%nPaste into a page:%n%n%s%n", asset.html());
            }
        }
        if (page != null) {
            out.printf("%nUpload from a browser, for a day:%n%n%s%n", page);
            out.printf("%nSafelight is ready at %s (Ctrl-C stops it). Its API key is in %s.%n", url, keyFile());
        }
        out.flush();
    }

    private Path keyFile() {
        return new DataFolder(options.data).keyFile();
    }

    /// A file of the demo and what became of it.
    record Asset(
            String file,
            @Nullable String assetId,
            String status,
            @Nullable String reason,
            @Nullable String detail,
            long originalBytes,
            ArrayNode variants,
            @Nullable String html) {}
}
