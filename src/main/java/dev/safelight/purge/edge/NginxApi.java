package dev.safelight.purge.edge;

import dev.safelight.purge.edge.EdgeTarget.Everything;
import dev.safelight.purge.edge.EdgeTarget.Path;
import dev.safelight.purge.edge.EdgeTarget.Prefix;
import dev.safelight.purge.edge.EdgeTarget.Tag;
import dev.safelight.purge.edge.EdgeTarget.Way;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// nginx as `deploy/nginx` configures it: each of its servers is sent a list of what to forget, a line each.
final class NginxApi implements EdgeApi {
    static final String TOKEN = "Safelight-Purge-Token";

    private static final String ADDRESS = "/.safelight/purge";
    private static final int MOST = 500;
    private static final int MOST_BYTES = 60_000;
    private static final String REQUESTS = "requests";

    private final EdgeSettings.Edge settings;

    NginxApi(EdgeSettings.Edge settings) {
        this.settings = settings;
    }

    @Override
    public Set<Way> ways() {
        return EnumSet.allOf(Way.class);
    }

    @Override
    public Map<String, Allowance> allowances() {
        return Map.of(REQUESTS, new Allowance(200, 100, Duration.ofSeconds(1)));
    }

    @Override
    public List<EdgeCall> calls(List<EdgeTarget> targets, String reference) {
        List<EdgeCall> calls = new ArrayList<>();
        for (URI server : settings.urls()) {
            Batch.of(targets, MOST, MOST_BYTES, target -> line(target).length() + 1)
                    .forEach(batch -> {
                        String body = String.join(
                                        "\n", batch.stream().map(NginxApi::line).toList()) + "\n";
                        HttpRequest request = HttpRequest.newBuilder(EdgeRequests.below(server, ADDRESS))
                                .header("Content-Type", "text/plain")
                                .header(TOKEN, String.valueOf(settings.token()))
                                .POST(BodyPublishers.ofString(body, StandardCharsets.US_ASCII))
                                .build();
                        calls.add(new EdgeCall(request, batch, Map.of(REQUESTS, 1)));
                    });
        }
        return calls;
    }

    private static String line(EdgeTarget target) {
        return switch (target) {
            case Tag(var tag) -> "tag " + tag;
            case Path(var path) -> "path " + path;
            case Prefix(var prefix) -> "prefix " + prefix;
            case Everything() -> "everything";
        };
    }
}
