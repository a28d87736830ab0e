package dev.safelight.purge.edge;

import dev.safelight.purge.edge.EdgeTarget.Everything;
import dev.safelight.purge.edge.EdgeTarget.Path;
import dev.safelight.purge.edge.EdgeTarget.Prefix;
import dev.safelight.purge.edge.EdgeTarget.Tag;
import dev.safelight.purge.edge.EdgeTarget.Way;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Bunny's purges: a pull zone as a whole or by one tag, and single addresses, which end with `*` for all
/// that begin alike (<https://docs.bunny.net/docs/cdn-api-purge-rate-limits>). Each is a request by itself.
final class BunnyApi implements EdgeApi {
    private static final URI PUBLIC = URI.create("https://api.bunny.net");
    private static final String EXACT = "exact";
    /// Its documentation gives no limit for tags, so that they count as the dearer form.
    private static final String WIDE = "wide";

    private final EdgeSettings.Edge settings;
    private final URI base;

    BunnyApi(EdgeSettings.Edge settings) {
        this.settings = settings;
        this.base = Objects.requireNonNullElse(settings.url(), PUBLIC);
    }

    @Override
    public Set<Way> ways() {
        return settings.hosts().isEmpty() ? EnumSet.of(Way.TAG, Way.EVERYTHING) : EnumSet.allOf(Way.class);
    }

    @Override
    public Map<String, Allowance> allowances() {
        return Map.of(
                EXACT, new Allowance(120, 5, Duration.ofSeconds(1)),
                WIDE, new Allowance(20, 1, Duration.ofSeconds(2)));
    }

    @Override
    public List<EdgeCall> calls(List<EdgeTarget> targets, String reference) {
        URI zone = EdgeRequests.below(base, "/pullzone/" + settings.zone() + "/purgeCache");
        if (targets.stream().anyMatch(Everything.class::isInstance)) {
            return List.of(new EdgeCall(authorized(EdgeRequests.post(zone)), targets, Map.of(WIDE, 1)));
        }
        List<EdgeCall> calls = new ArrayList<>();
        for (EdgeTarget target : targets) {
            switch (target) {
                case Tag(var tag) ->
                    calls.add(new EdgeCall(
                            authorized(EdgeRequests.postJson(zone, Map.of("CacheTag", tag))),
                            List.of(target),
                            Map.of(WIDE, 1)));
                case Path(var path) -> settings.hosts().forEach(host -> calls.add(address(host + path, target, EXACT)));
                case Prefix(var prefix) ->
                    settings.hosts().forEach(host -> calls.add(address(host + prefix + "*", target, WIDE)));
                case Everything() -> throw new IllegalStateException("everything goes by itself");
            }
        }
        return calls;
    }

    private EdgeCall address(String hostAndPath, EdgeTarget target, String allowance) {
        String encoded = URLEncoder.encode("https://" + hostAndPath, StandardCharsets.UTF_8);
        return new EdgeCall(
                authorized(EdgeRequests.post(EdgeRequests.below(base, "/purge?async=false&url=" + encoded))),
                List.of(target),
                Map.of(allowance, 1));
    }

    private HttpRequest authorized(HttpRequest.Builder request) {
        return request.header("AccessKey", String.valueOf(settings.token())).build();
    }
}
