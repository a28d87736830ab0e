package dev.safelight.purge.edge;

import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import io.github.bucket4j.TimeMeter;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/// The edges that this worker is configured with; all workers should have the same.
@Component
@OnRole(ServerRole.WORKER)
final class Edges {
    private final Map<String, Edge> edges = new TreeMap<>();

    Edges(EdgeSettings settings, InstantSource clock) {
        settings.edges().forEach((name, edge) -> {
            EdgeApi api = api(edge, clock);
            EdgeLimits limits = new EdgeLimits(api.allowances(), TimeMeter.SYSTEM_NANOTIME);
            edges.put(name, new Edge(name, edge.family(), api, limits, edge.timeout()));
        });
    }

    private static EdgeApi api(EdgeSettings.Edge edge, InstantSource clock) {
        return switch (edge.family()) {
            case NGINX -> new NginxApi(edge);
            case VARNISH -> new VarnishApi(edge);
            case CLOUDFRONT -> new CloudFrontApi(edge);
            case CLOUDFLARE -> new CloudflareApi(edge);
            case FASTLY -> new FastlyApi(edge);
            case AKAMAI -> new AkamaiApi(edge, clock);
            case BUNNY -> new BunnyApi(edge);
        };
    }

    Collection<Edge> all() {
        return edges.values();
    }

    Optional<Edge> find(String name) {
        return Optional.ofNullable(edges.get(name));
    }
}
