package dev.safelight.purge.edge;

import dev.safelight.purge.edge.EdgeTarget.Everything;
import dev.safelight.purge.edge.EdgeTarget.Path;
import dev.safelight.purge.edge.EdgeTarget.Tag;
import dev.safelight.purge.edge.EdgeTarget.Way;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Fastly's purges: up to 256 surrogate keys in a request, single addresses, or everything
/// (<https://www.fastly.com/documentation/reference/api/purging/>). It counts 100,000 purges an hour for a
/// customer.
///
/// A soft purge marks as stale what a hard one removes. Everything goes hard only.
final class FastlyApi implements EdgeApi {
    private static final URI PUBLIC = URI.create("https://api.fastly.com");
    private static final int MOST = 256;
    private static final String PURGES = "purges";

    private final EdgeSettings.Edge settings;
    private final URI base;

    FastlyApi(EdgeSettings.Edge settings) {
        this.settings = settings;
        this.base = Objects.requireNonNullElse(settings.url(), PUBLIC);
    }

    @Override
    public Set<Way> ways() {
        return settings.hosts().isEmpty()
                ? EnumSet.of(Way.TAG, Way.EVERYTHING)
                : EnumSet.of(Way.TAG, Way.PATH, Way.EVERYTHING);
    }

    @Override
    public Map<String, Allowance> allowances() {
        return Map.of(PURGES, new Allowance(2_000, 100_000, Duration.ofHours(1)));
    }

    @Override
    public List<EdgeCall> calls(List<EdgeTarget> targets, String reference) {
        String service = "/service/" + settings.service();
        if (targets.stream().anyMatch(Everything.class::isInstance)) {
            HttpRequest request = authorized(EdgeRequests.post(EdgeRequests.below(base, service + "/purge_all")))
                    .build();
            return List.of(new EdgeCall(request, targets, Map.of(PURGES, 1)));
        }
        List<EdgeCall> calls = new ArrayList<>();
        for (List<Tag> tags : Batch.of(Batch.only(Tag.class, targets), MOST)) {
            HttpRequest request = soft(authorized(EdgeRequests.postJson(
                            EdgeRequests.below(base, service + "/purge"),
                            Map.of("surrogate_keys", tags.stream().map(Tag::tag).toList()))))
                    .build();
            calls.add(new EdgeCall(request, List.copyOf(tags), Map.of(PURGES, tags.size())));
        }
        for (Path path : Batch.only(Path.class, targets)) {
            for (String host : settings.hosts()) {
                HttpRequest request = soft(authorized(
                                EdgeRequests.post(EdgeRequests.below(base, "/purge/" + host + path.path()))))
                        .build();
                calls.add(new EdgeCall(request, List.of(path), Map.of(PURGES, 1)));
            }
        }
        return calls;
    }

    private HttpRequest.Builder authorized(HttpRequest.Builder request) {
        return request.header("Fastly-Key", String.valueOf(settings.token())).header("Accept", "application/json");
    }

    private HttpRequest.Builder soft(HttpRequest.Builder request) {
        return settings.isSoft() ? request.header("Fastly-Soft-Purge", "1") : request;
    }
}
