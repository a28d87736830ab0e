package dev.safelight.purge.edge;

import dev.safelight.purge.edge.EdgeTarget.Everything;
import dev.safelight.purge.edge.EdgeTarget.Path;
import dev.safelight.purge.edge.EdgeTarget.Prefix;
import dev.safelight.purge.edge.EdgeTarget.Tag;
import dev.safelight.purge.edge.EdgeTarget.Way;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Cloudflare's `POST /zones/{zone}/purge_cache`: by tags, files, prefixes or everything, 100 of one form
/// in a request (<https://developers.cloudflare.com/cache/how-to/purge-cache/>).
///
/// The limits are those of the free plan, a bucket of 25 requests that 5 a minute fill, unless settings say
/// more.
final class CloudflareApi implements EdgeApi {
    private static final URI PUBLIC = URI.create("https://api.cloudflare.com/client/v4");
    private static final int MOST = 100;
    private static final String REQUESTS = "requests";
    /// A token that cannot be one, told by 400 like a wrong request.
    private static final String MALFORMED_TOKEN = "6003";

    private final EdgeSettings.Edge settings;
    private final URI address;

    CloudflareApi(EdgeSettings.Edge settings) {
        this.settings = settings;
        this.address = EdgeRequests.below(
                Objects.requireNonNullElse(settings.url(), PUBLIC), "/zones/" + settings.zone() + "/purge_cache");
    }

    @Override
    public Set<Way> ways() {
        return EnumSet.allOf(Way.class);
    }

    @Override
    public Map<String, Allowance> allowances() {
        Integer perMinute = settings.perMinute();
        return Map.of(REQUESTS, new Allowance(25, perMinute == null ? 5 : perMinute, Duration.ofMinutes(1)));
    }

    @Override
    public List<EdgeCall> calls(List<EdgeTarget> targets, String reference) {
        if (targets.stream().anyMatch(Everything.class::isInstance)) {
            return List.of(call(Map.of("purge_everything", true), targets));
        }
        List<EdgeCall> calls = new ArrayList<>();
        for (List<Tag> tags : Batch.of(Batch.only(Tag.class, targets), MOST)) {
            calls.add(call(Map.of("tags", tags.stream().map(Tag::tag).toList()), tags));
        }
        int perHost = Math.max(1, MOST / settings.hosts().size());
        for (List<Path> paths : Batch.of(Batch.only(Path.class, targets), perHost)) {
            List<String> files = paths.stream()
                    .flatMap(path -> settings.hosts().stream().map(host -> "https://" + host + path.path()))
                    .toList();
            calls.add(call(Map.of("files", files), paths));
        }
        // Without the scheme, unlike files.
        for (List<Prefix> prefixes : Batch.of(Batch.only(Prefix.class, targets), perHost)) {
            List<String> all = prefixes.stream()
                    .flatMap(prefix -> settings.hosts().stream().map(host -> host + prefix.prefix()))
                    .toList();
            calls.add(call(Map.of("prefixes", all), prefixes));
        }
        return calls;
    }

    private EdgeCall call(Map<String, Object> body, List<? extends EdgeTarget> targets) {
        return new EdgeCall(
                EdgeRequests.postJson(address, body)
                        .header("Authorization", "Bearer " + settings.token())
                        .build(),
                List.copyOf(targets),
                Map.of(REQUESTS, 1));
    }

    /// Success is told by the body.
    @Override
    public Verdict judge(EdgeReply reply) {
        JsonNode body;
        try {
            body = EdgeRequests.JSON.readTree(reply.body());
        } catch (JacksonException noJson) {
            return reply.status() < 300 ? new Verdict.Later("the answer is no JSON", null) : Verdict.ofStatus(reply);
        }
        String code = body.at("/errors/0/code").asString("");
        if (reply.status() < 300 && !body.path("success").asBoolean(false)) {
            return new Verdict.Refused("it says that it did not succeed"
                    + (Verdict.CODE.matcher(code).matches() ? " (" + code + ")" : ""));
        }
        return code.equals(MALFORMED_TOKEN) ? Verdict.notAccepted(reply, code) : Verdict.ofStatus(reply, code);
    }
}
