package dev.safelight.purge.edge;

import dev.safelight.purge.edge.EdgeTarget.Everything;
import dev.safelight.purge.edge.EdgeTarget.Path;
import dev.safelight.purge.edge.EdgeTarget.Tag;
import dev.safelight.purge.edge.EdgeTarget.Way;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/// Akamai's Fast Purge v3: by cache tags, addresses, or all of some CP codes, one form in a request of at
/// most 50,000 bytes (<https://techdocs.akamai.com/purge-cache/reference/rate-limiting>).
///
/// It deletes, or only invalidates where soft purges are asked for.
final class AkamaiApi implements EdgeApi {
    /// Of a body, with room for what stands around the objects.
    private static final int MOST_BYTES = 49_000;

    private static final int MOST = 1_000;
    private static final String REQUESTS = "requests";
    private static final Duration MINUTE = Duration.ofMinutes(1);
    /// In what it says of signatures, such as of those by a clock that is wrong, which are told by 400 like a
    /// wrong request.
    private static final String AUTHENTICATION = "pep-authn";

    private final EdgeSettings.Edge settings;
    private final URI base;
    private final EdgeGrid signature;
    private final InstantSource clock;

    AkamaiApi(EdgeSettings.Edge settings, InstantSource clock) {
        this.settings = settings;
        this.base = Objects.requireNonNull(settings.url());
        this.signature = new EdgeGrid(
                Objects.requireNonNull(settings.clientToken()),
                Objects.requireNonNull(settings.clientSecret()),
                Objects.requireNonNull(settings.accessToken()));
        this.clock = clock;
    }

    @Override
    public Set<Way> ways() {
        EnumSet<Way> ways = EnumSet.of(Way.TAG);
        if (!settings.hosts().isEmpty()) {
            ways.add(Way.PATH);
        }
        if (!settings.cpCodes().isEmpty()) {
            ways.add(Way.EVERYTHING);
        }
        return ways;
    }

    @Override
    public Map<String, Allowance> allowances() {
        return Map.of(
                REQUESTS,
                new Allowance(100, 50, Duration.ofSeconds(1)),
                "tag",
                new Allowance(5_000, 500, MINUTE),
                "url",
                new Allowance(10_000, 12_000, MINUTE),
                "cpcode",
                new Allowance(300, 30, MINUTE));
    }

    @Override
    public List<EdgeCall> calls(List<EdgeTarget> targets, String reference) {
        if (targets.stream().anyMatch(Everything.class::isInstance)) {
            return List.of(call("cpcode", List.copyOf(settings.cpCodes()), targets));
        }
        List<EdgeCall> calls = new ArrayList<>();
        Batch.of(
                        Batch.only(Tag.class, targets),
                        MOST,
                        MOST_BYTES,
                        tag -> tag.tag().length() + 3)
                .forEach(tags -> calls.add(
                        call("tag", tags.stream().<Object>map(Tag::tag).toList(), List.copyOf(tags))));
        List<Path> paths = Batch.only(Path.class, targets);
        int hosts = Math.max(1, settings.hosts().size());
        Batch.of(paths, MOST / hosts, MOST_BYTES / hosts, path -> path.path().length() + 300)
                .forEach(some -> calls.add(call(
                        "url",
                        some.stream()
                                .flatMap(path ->
                                        settings.hosts().stream().<Object>map(host -> "https://" + host + path.path()))
                                .toList(),
                        List.copyOf(some))));
        return calls;
    }

    private EdgeCall call(String form, List<Object> objects, List<EdgeTarget> targets) {
        String path = "/ccu/v3/%s/%s/%s"
                .formatted(
                        settings.isSoft() ? "invalidate" : "delete",
                        form,
                        Objects.requireNonNullElse(settings.network(), "production"));
        URI address = EdgeRequests.below(base, path);
        byte[] body =
                EdgeRequests.JSON.writeValueAsString(Map.of("objects", objects)).getBytes(StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .header(
                        "Authorization",
                        signature.authorize(
                                address.getScheme(),
                                address.getRawAuthority(),
                                address.getRawPath(),
                                body,
                                clock.instant(),
                                UUID.randomUUID().toString()))
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        return new EdgeCall(request, targets, Map.of(REQUESTS, 1, form, objects.size()));
    }

    @Override
    public Verdict judge(EdgeReply reply) {
        return reply.status() == 400 && reply.body().contains("/" + AUTHENTICATION + "/")
                ? Verdict.notAccepted(reply, AUTHENTICATION)
                : Verdict.ofStatus(reply);
    }
}
