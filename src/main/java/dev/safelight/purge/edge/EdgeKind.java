package dev.safelight.purge.edge;

import dev.safelight.purge.TagField;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The families of edges, with the settings that each needs and those that it may have beside `kind` and
/// `timeout`.
enum EdgeKind {
    NGINX(Tier.SHIELD, Set.of(TagField.CACHE_TAG), Set.of("urls", "token"), Set.of()),
    VARNISH(Tier.SHIELD, Set.of(TagField.SURROGATE_KEY, TagField.CACHE_TAG), Set.of("urls", "token"), Set.of()),
    CLOUDFRONT(
            Tier.CDN,
            Set.of(TagField.CACHE_TAG),
            Set.of("distribution", "access-key", "secret-key"),
            Set.of("url", "session-token", "by")),
    CLOUDFLARE(Tier.CDN, Set.of(TagField.CACHE_TAG), Set.of("zone", "token", "hosts"), Set.of("url", "per-minute")),
    FASTLY(Tier.CDN, Set.of(TagField.SURROGATE_KEY), Set.of("service", "token"), Set.of("url", "hosts", "soft")),
    AKAMAI(
            Tier.CDN,
            Set.of(TagField.EDGE_CACHE_TAG),
            Set.of("url", "client-token", "client-secret", "access-token"),
            Set.of("hosts", "network", "cp-codes", "soft")),
    BUNNY(Tier.CDN, Set.of(TagField.CDN_TAG), Set.of("zone", "token"), Set.of("url", "hosts"));

    /// Where edges stand. Those that are nearer to us are purged first: others fill themselves from them.
    enum Tier {
        SHIELD(0),
        CDN(1);

        private final int distance;

        Tier(int distance) {
            this.distance = distance;
        }

        int distance() {
            return distance;
        }
    }

    private final Tier tier;
    private final Set<TagField> tagFields;
    private final Set<String> needed;
    private final Set<String> optional;

    EdgeKind(Tier tier, Set<TagField> tagFields, Set<String> needed, Set<String> optional) {
        this.tier = tier;
        this.tagFields = tagFields;
        this.needed = needed;
        this.optional = optional;
    }

    Tier tier() {
        return tier;
    }

    /// Where it reads tags, as far as it does: any of these.
    Set<TagField> tagFields() {
        return tagFields;
    }

    Set<String> needed() {
        return needed;
    }

    Set<String> optional() {
        return optional;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<EdgeKind> parse(String text) {
        return Arrays.stream(values()).filter(kind -> kind.text().equals(text)).findFirst();
    }

    static String all() {
        return Arrays.stream(values()).map(EdgeKind::text).collect(Collectors.joining(", "));
    }
}
