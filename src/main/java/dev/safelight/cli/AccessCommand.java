package dev.safelight.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `safelight access ID…`.
@Command(name = "access", description = "Signs URLs or cookies that give access to assets for a while: docs/access.md.")
final class AccessCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", arity = "1..100", description = "The ids of the assets; up to 10 with --cookies.")
    List<String> ids = List.of();

    @Option(
            names = "--path",
            paramLabel = "PATH",
            description =
                    "What is covered of one asset: a path, one with a slash at its end for all below it, or one with"
                            + " * and ?. Default: all of it")
    @Nullable
    String path;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            converter = KeyLimitOptions.Seconds.class,
            description = "How long it holds, as in 90s, 5m, 1h or 7d. Default: as the server is set")
    @Nullable
    Long ttl;

    @Option(
            names = "--not-before",
            paramLabel = "INSTANT",
            description = "When it begins to hold, as in 2026-12-24T18:00:00Z. Default: at once")
    @Nullable
    String notBefore;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "safelight or cloudfront. Default: what the server has a key for")
    @Nullable
    String format;

    @Option(names = "--cookies", description = "Prints Set-Cookie lines instead of URLs.")
    boolean cookies;

    @Option(names = "--ip", paramLabel = "RANGE", description = "The clients it is for, as in 192.0.2.0/24.")
    @Nullable
    String ip;

    @Option(
            names = "--referrer",
            paramLabel = "HOST",
            split = ",",
            description =
                    "A host of pages it is for, as in shop.example.com or *.example.com; may be given several times.")
    List<String> referrers = List.of();

    @Option(names = "--same-site", paramLabel = "WORD", description = "Of cookies: lax, strict or none. Default: lax")
    @Nullable
    String sameSite;

    @Option(
            names = "--domain",
            paramLabel = "DOMAIN",
            description = "Of cookies, as in example.com. Default: the host that sets them")
    @Nullable
    String domain;

    @Mixin
    Output output = new Output();

    @Mixin
    ClientOptions client = new ClientOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (ApiClient api = client.connect()) {
            JsonNode access = api.post("/v1/access", request());
            return output.print(access, String.join(System.lineSeparator(), lines(access)));
        }
    }

    private Map<String, Object> request() {
        return new Given()
                .with("assets", ids)
                .with("path", path)
                .with("ttl", ttl)
                .with("notBefore", notBefore)
                .with("format", format)
                .with("as", cookies ? "cookies" : "url")
                .with("ip", ip)
                .with("referrers", referrers)
                .with("sameSite", sameSite)
                .with("domain", domain)
                .body();
    }

    private List<String> lines(JsonNode access) {
        if (cookies) {
            return access.path("cookies")
                    .valueStream()
                    .map(cookie -> "Set-Cookie: " + cookie.asString())
                    .toList();
        }
        List<String> lines = new ArrayList<>();
        for (JsonNode asset : access.path("assets")) {
            asset.path("variants")
                    .forEach(variant -> lines.add(variant.path("url").asString()));
            String image = Json.textOrNull(asset, "image");
            if (image != null) {
                lines.add(image);
            }
        }
        return lines;
    }
}
