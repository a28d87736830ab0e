package dev.safelight.purge.edge;

import dev.safelight.purge.edge.EdgeTarget.Everything;
import dev.safelight.purge.edge.EdgeTarget.Path;
import dev.safelight.purge.edge.EdgeTarget.Prefix;
import dev.safelight.purge.edge.EdgeTarget.Tag;
import dev.safelight.purge.edge.EdgeTarget.Way;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Varnish as `deploy/varnish` configures it: `BAN` with an expression for tags or prefixes, `PURGE` for
/// one address, at each of its servers.
///
/// Bans are kept and compared until all objects are newer, so that as many as fit go into one.
final class VarnishApi implements EdgeApi {
    private static final int MOST = 50;
    /// Varnish takes header lines of 8 KB.
    private static final int MOST_BYTES = 6_000;

    private static final String REQUESTS = "requests";
    private static final Pattern SPECIAL = Pattern.compile("[\\\\.\\[\\]{}()*+?^$|]");

    private final EdgeSettings.Edge settings;

    VarnishApi(EdgeSettings.Edge settings) {
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
        boolean everything = targets.stream().anyMatch(Everything.class::isInstance);
        for (URI server : settings.urls()) {
            if (everything) {
                calls.add(ban(server, "Safelight-Ban-Everything", "yes", targets));
                continue;
            }
            Batch.of(
                            Batch.only(Tag.class, targets),
                            MOST,
                            MOST_BYTES,
                            tag -> tag.tag().length() + 8)
                    .forEach(tags -> calls.add(ban(
                            server,
                            "Safelight-Ban-Tags",
                            tags.stream().map(tag -> literal(tag.tag())).collect(Collectors.joining("|")),
                            List.copyOf(tags))));
            Batch.of(
                            Batch.only(Prefix.class, targets),
                            MOST,
                            MOST_BYTES,
                            one -> 2 * one.prefix().length())
                    .forEach(prefixes -> calls.add(ban(
                            server,
                            "Safelight-Ban-Prefixes",
                            prefixes.stream()
                                    .map(prefix -> literal(prefix.prefix()))
                                    .collect(Collectors.joining("|")),
                            List.copyOf(prefixes))));
            Batch.only(Path.class, targets)
                    .forEach(path ->
                            calls.add(call(request("PURGE", EdgeRequests.below(server, path.path())), List.of(path))));
        }
        return calls;
    }

    private EdgeCall ban(URI server, String field, String value, List<EdgeTarget> targets) {
        return call(request("BAN", EdgeRequests.below(server, "/")).header(field, value), targets);
    }

    private HttpRequest.Builder request(String method, URI address) {
        return HttpRequest.newBuilder(address)
                .method(method, BodyPublishers.noBody())
                .header(NginxApi.TOKEN, String.valueOf(settings.token()));
    }

    private static EdgeCall call(HttpRequest.Builder request, List<EdgeTarget> targets) {
        return new EdgeCall(request.build(), targets, Map.of(REQUESTS, 1));
    }

    /// A text as a regular expression that matches nothing else. Paths and tags hold no spaces and quotes,
    /// which a ban could not.
    private static String literal(String text) {
        return SPECIAL.matcher(text).replaceAll("\\\\$0");
    }
}
